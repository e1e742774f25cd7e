package io.azcp.fs.tree;

import java.time.Instant;

/** The time of day. */
final class Clocks {
  private static final long NANOS = 1_000_000_000L;

  private Clocks() {}

  /** Nanoseconds since the epoch. */
  static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * NANOS + now.getNano();
  }
}
