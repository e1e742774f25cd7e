/**
 * Plans and moves: enumerate, filter, compare, schedule, move, under limits and with progress. It
 * is given sinks and sources of bytes and does not know the cache.
 */
package io.azcp.transfer.engine;
