package io.azcp.cache;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When files are used, and which uses are worth noting in the file system. A note costs a write of
 * an inode, so a use is noted only when the last one noted is older than a sixteenth of the time
 * that files stay before they are evicted, at most a minute: a cache that turns over in a second
 * keeps its order as well as one that turns over in a year. Thread-safe.
 */
final class Recency {
  private static final long COARSEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int PART = 16;

  private final LongSupplier clock;
  private final long since;
  private volatile long turnover = -1;

  /** Uses at times that a clock tells in nanoseconds since the epoch. */
  Recency(LongSupplier clock) {
    this.clock = clock;
    this.since = clock.getAsLong();
  }

  /** By the time of day. */
  static Recency ofToday() {
    return new Recency(
        () -> {
          Instant now = Instant.now();
          return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        });
  }

  /** Nanoseconds since the epoch. */
  long now() {
    return clock.getAsLong();
  }

  /** Tells when the file that goes next was used last. */
  void oldest(long lastUse) {
    turnover = Math.max(0, now() - lastUse);
  }

  /** Whether a use now is to be noted after one at that time. */
  boolean worthNoting(long lastNoted) {
    long now = now();
    long stay = turnover < 0 ? now - since : turnover;
    return now - lastNoted > Math.min(COARSEST_NANOS, stay / PART) || lastNoted > now;
  }
}
