/**
 * Listings of any length: one stream where that is fast, many side by side where each page takes
 * its time, always in the service's order and with the same memory.
 */
package io.azcp.transfer.engine.list;
