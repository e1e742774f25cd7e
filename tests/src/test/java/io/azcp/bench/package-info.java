/**
 * Benchmarks: a stand-in blob service that costs little, and the command that measures azcp and
 * curl against it in turn ({@code ./bench.sh}).
 */
package io.azcp.bench;
