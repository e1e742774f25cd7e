/**
 * The cluster prefill: plan, broadcast, verify. Empty until it is built: the command line offers no
 * such command.
 */
package io.azcp.cluster;
