/**
 * What is changed here and not yet in the service: local files, the overlay of names, the queue of
 * remote operations, upload and replay.
 */
package io.azcp.fs.writeback;
