package io.azcp.fs.tree;

import io.azcp.fs.writeback.RemoteFile;
import java.util.Map;

/**
 * What the service has directly below one directory.
 *
 * @param names what lies there by its last part, in the service's order; empty when not complete
 * @param slashMarker a blob of the directory's name and a slash, as some tools mark directories;
 *     null for none
 * @param complete whether a name that is not here is absent; false for a directory of too many
 *     names to keep
 * @param ticketNanos {@link System#nanoTime()} when it was asked for
 * @param askedNanos the same by the clock that times out answers
 */
record Listing(
    Map<String, Found> names,
    RemoteFile slashMarker,
    boolean complete,
    long ticketNanos,
    long askedNanos) {
  /** One of nothing at all. */
  static Listing empty(long ticketNanos, long askedNanos) {
    return new Listing(Map.of(), null, true, ticketNanos, askedNanos);
  }

  /** What lies at a part of a complete listing. */
  Found at(String part) {
    return names.getOrDefault(part, Found.Absent.NOTHING);
  }
}
