/** Measures the cluster prefill beside a program in C that does the same work. */
package io.azcp.bench.cluster;
