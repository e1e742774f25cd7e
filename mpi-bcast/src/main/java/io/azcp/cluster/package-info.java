/**
 * The same files on every node of a cluster, read from the service once: one rank a node, each
 * downloads its share, and broadcasts bring the shares to the others. Stages end with a vote, so
 * that all ranks leave with the same exit code; a file gets its name only after the last vote.
 */
package io.azcp.cluster;
