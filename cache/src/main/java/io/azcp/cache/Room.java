package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Occupancy.Counter;
import java.io.IOException;

/**
 * Admits bytes to the folder: below the size limit, evicting first where it is reached. Used by
 * fetching threads, which may take the time an eviction takes. Thread-safe.
 */
final class Room {
  private final CacheOptions options;
  private final Occupancy occupancy;
  private final Eviction eviction;
  private long quietUntil = System.nanoTime();

  Room(CacheOptions options, Occupancy occupancy, Eviction eviction) {
    this.options = options;
    this.occupancy = occupancy;
    this.eviction = eviction;
  }

  /** Counts bytes that are about to be stored in a partial file; {@code ENOSPC} if none can be. */
  void reserve(String name, long bytes) throws IOException {
    while (true) {
      occupancy.reserve(bytes);
      long over = occupancy.total() - options.limitBytes();
      if (over <= 0) {
        return;
      }
      occupancy.unreserve(bytes);
      occupancy.add(Counter.PARTIAL_BYTES, -bytes);
      if (free(over) == 0) {
        throw full(name, null);
      }
    }
  }

  /** Ends a reservation of which that many bytes did not come. */
  void giveBack(long reserved, long notStored) {
    occupancy.unreserve(reserved);
    occupancy.add(Counter.PARTIAL_BYTES, -notStored);
  }

  /** Evicts after the disk itself refused bytes. */
  void diskFull(String name, long bytes) throws IOException {
    if (free(bytes) == 0) {
      throw full(name, null);
    }
  }

  /**
   * Evicts what lies above the limit, because a file was published that had been counted nowhere.
   */
  void trim() throws IOException {
    long over = occupancy.total() - options.limitBytes();
    if (over > 0) {
      eviction.free(over);
    }
  }

  private synchronized long free(long bytes) throws IOException {
    long start = System.nanoTime();
    if (start - quietUntil < 0) {
      return 0;
    }
    long freed = eviction.free(bytes);
    if (freed == 0) {
      // The walk was for nothing: the next begins after as long a pause, so that a full cache of
      // open files costs at most half a thread.
      long now = System.nanoTime();
      quietUntil = now + (now - start);
    }
    return freed;
  }

  /** There is no room and nothing to evict. */
  AzcpException full(String name, Throwable cause) {
    String what =
        occupancy.total() >= options.limitBytes() / 2 && options.limitBytes() < Long.MAX_VALUE
            ? " is at its limit of " + options.limitBytes() + " bytes"
            : " is on a full disk";
    return new AzcpException(
        Errno.ENOSPC,
        "No room for "
            + name
            + ": the cache folder "
            + options.folder()
            + what
            + " and all it holds is open or not uploaded yet; close files, free disk space or raise"
            + " the limit.",
        cause);
  }
}
