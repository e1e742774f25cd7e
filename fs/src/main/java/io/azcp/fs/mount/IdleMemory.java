package io.azcp.fs.mount;

import io.azcp.base.posix.NativeHeap;

/**
 * Gives the memory of work that is over back to the system: collects the heap when the daemon has
 * become idle and has taken a good deal since the last time, and trims the C library's heap a look
 * later, when the buffers that were collected are freed. Used by one thread.
 */
final class IdleMemory {
  /** To collect is worth its tenth of a second for so much. */
  private static final long WORTH_BYTES = 24L << 20;

  /** Garbage of a second in which nothing was done. */
  private static final long QUIET_BYTES = 1L << 20;

  /** Looks in a row without work. */
  private static final int QUIET_LOOKS = 3;

  private final Memory memory;
  private long usedBefore;
  private long leftUsed;
  private long leftCommitted;
  private int quiet;
  private boolean collected;

  /** What is given back. */
  interface Memory {
    /** Bytes of the heap with objects in them, garbage included. */
    long used();

    /** Bytes of the heap that the system has given. */
    long committed();

    /** Drops the garbage of the heap. */
    void collect();

    /** Gives back what is free of the C library's heap. */
    void trim();
  }

  /** That of this process. */
  static final Memory PROCESS =
      new Memory() {
        @Override
        public long used() {
          return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        @Override
        public long committed() {
          return Runtime.getRuntime().totalMemory();
        }

        @Override
        public void collect() {
          System.gc();
        }

        @Override
        public void trim() {
          NativeHeap.trim();
        }
      };

  IdleMemory(Memory memory) {
    this.memory = memory;
  }

  /** To be called once a second. */
  void look() {
    if (collected) {
      collected = false;
      memory.trim();
    }
    long used = memory.used();
    quiet = Math.abs(used - usedBefore) < QUIET_BYTES ? quiet + 1 : 0;
    usedBefore = used;
    boolean worth =
        used - leftUsed > WORTH_BYTES || memory.committed() - leftCommitted > WORTH_BYTES;
    if (quiet >= QUIET_LOOKS && worth) {
      memory.collect();
      collected = true;
      usedBefore = memory.used();
      leftUsed = usedBefore;
      leftCommitted = memory.committed();
    }
  }
}
