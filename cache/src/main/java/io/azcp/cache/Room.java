package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import java.io.IOException;

/**
 * Admits bytes to the folder: counted before they are written, below what the folder may hold,
 * evicting first where that is reached. Evictions go on to a low mark, and start behind everyone's
 * back at a high mark, so that admission seldom has to wait for one. Where nothing can be evicted,
 * readers read past the cache. Used by fetching threads, which may take the time an eviction takes.
 * Thread-safe.
 */
final class Room {
  /** The high mark lies one part in so many below what the folder may hold. */
  private static final int HIGH = 20;

  /** The low mark, to which evictions go. */
  private static final int LOW = 10;

  /** As many files are walked over in some tenths of a second, which a mount's start can bear. */
  private static final long QUICK_WALK = 50_000;

  private static final long LEAST_WINDOW = 1 << 20;
  private static final int WINDOWS_IN_CACHE = 16;
  private static final int TIGHT_WINDOWS = 16;

  private final CacheOptions options;
  private final Occupancy occupancy;
  private final Capacity capacity;
  private final Eviction eviction;
  private long quietUntil = System.nanoTime();

  Room(CacheOptions options, Occupancy occupancy, Capacity capacity, Eviction eviction) {
    this.options = options;
    this.occupancy = occupancy;
    this.capacity = capacity;
    this.eviction = eviction;
  }

  /** What the folder may hold. */
  Capacity capacity() {
    return capacity;
  }

  /**
   * Counts bytes that are about to be stored in a partial file; {@code ENOSPC} if none can be.
   *
   * @param unlimited whether only the disk bounds them, and not the folder's limit
   */
  void reserve(String name, long bytes, boolean unlimited) throws IOException {
    occupancy.reserve(bytes);
    boolean admitted = false;
    try {
      admitted = fits() || evictFor(name, unlimited);
    } finally {
      if (!admitted) {
        occupancy.giveBack(bytes);
      }
    }
  }

  private boolean fits() throws IOException {
    return occupancy.total() <= capacity.bytes();
  }

  private boolean evictFor(String name, boolean unlimited) throws IOException {
    while (free(occupancy.total() - low()) > 0) {
      if (fits()) {
        return true;
      }
    }
    if (fits() || (unlimited && occupancy.total() <= capacity.diskBytes())) {
      return true;
    }
    throw full(name, null);
  }

  private long low() throws IOException {
    long all = capacity.bytes();
    return all - all / LOW;
  }

  /** Notes in a map that so many reserved bytes are there. */
  void storing(long bytes, Occupancy.Step note) throws IOException {
    occupancy.step(
        () -> {
          note.run();
          occupancy.stored(bytes);
        });
  }

  /**
   * Makes room for what the cache keeps besides files, a journal or an index, and then has it
   * written. It is counted from before it comes, by all processes, so that together they stay below
   * the limit. Takes no long walk.
   *
   * @return false, with nothing written, where there is no room
   */
  boolean addState(long bytes, Occupancy.Step write) throws IOException {
    occupancy.reserve(bytes);
    try {
      long over = occupancy.total() - capacity.bytes();
      if (over > 0 && occupancy.get(Occupancy.Counter.WHOLE_FILES) < QUICK_WALK) {
        free(occupancy.total() - low());
      } else if (over > 0) {
        eviction.freeListed(over);
      }
      if (!fits()) {
        return false;
      }
      write.run();
      // The order matters: who does not see the reservation any more measures anew.
      occupancy.stateAdded();
      return true;
    } finally {
      occupancy.giveBack(bytes);
    }
  }

  /** Ends a reservation: so many of its bytes did not come. */
  void giveBack(long bytes) {
    occupancy.giveBack(bytes);
  }

  /** Evicts after the disk itself refused bytes; {@code ENOSPC} if nothing can be. */
  void diskFull(String name, long bytes) throws IOException {
    capacity.doubt();
    if (free(Math.max(bytes, occupancy.total() - low())) == 0) {
      throw full(name, null);
    }
  }

  /**
   * Makes room for the little that an open itself stores, as far as that takes no look through the
   * folder: an open waits for nothing long.
   */
  void open(long bytes) throws IOException {
    long over = occupancy.total() + bytes - capacity.bytes();
    if (over > 0) {
      eviction.freeListed(over);
    }
  }

  /** Evicts to the low mark where the high mark is passed. */
  void trim() throws IOException {
    long all = capacity.bytes();
    if (occupancy.total() > all - all / HIGH) {
      free(occupancy.total() - low());
    }
  }

  /**
   * How far ahead one reader may be read now: less in a small cache, be that by its limit or by its
   * disk, which a few readers would fill with what they have not asked for yet, and while the
   * memory for buffers is short. Waits for nothing.
   */
  long longestWindow() {
    MemoryBudget memory = MemoryBudget.ofProcess();
    boolean tight = memory.used() > memory.total() / 4 * 3;
    long longest = tight ? ReadPlanner.LONGEST / TIGHT_WINDOWS : ReadPlanner.LONGEST;
    return Math.max(LEAST_WINDOW, Math.min(longest, capacity.last() / WINDOWS_IN_CACHE));
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
            + " and all it holds is open, pinned or not uploaded yet; close files, free disk space"
            + " or raise the limit.",
        cause);
  }
}
