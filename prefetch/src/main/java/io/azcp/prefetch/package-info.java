/**
 * Fills the cache ahead of the reader: which names are wanted, which of them are missing, and in
 * which order they are fetched. Gives the cache its bytes; knows no kernel, no nodes, no journal.
 */
package io.azcp.prefetch;
