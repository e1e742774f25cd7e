/**
 * What a sync decides, without moving anything: two streams of files in one order, merged into what
 * is only here, only there, or in both. Memory does not grow with the number of files; what does
 * not come in order is sorted on disk.
 */
package io.azcp.transfer.engine.sync;
