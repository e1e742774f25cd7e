package io.azcp.transfer.limit;

import java.util.function.LongSupplier;

/**
 * Lets so many units through each second. It begins empty: from its first unit on, no more have
 * passed than the time has earned. Units are paid for before they move, in the order they are asked
 * for; what was earned while nobody asked is kept for a tenth of a second. Thread-safe.
 */
final class TokenBucket {
  /** Enough for the pauses between requests, and 2 % of what five seconds let through. */
  private static final long KEPT_NANOS = 100_000_000;

  private static final double SECOND = 1e9;

  private final double perSecond;
  private final LongSupplier clock;

  /** When all units taken so far are paid for, on the clock. */
  private long paid;

  private boolean used;

  /**
   * An empty bucket.
   *
   * @param perSecond units a second
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  TokenBucket(double perSecond, LongSupplier clock) {
    this.perSecond = perSecond;
    this.clock = clock;
  }

  /** Takes units and answers how many nanoseconds their taker must wait before it uses them. */
  synchronized long take(long units) {
    long now = clock.getAsLong();
    if (!used) {
      used = true;
      paid = now;
    }
    if (now - paid > KEPT_NANOS) {
      paid = now - KEPT_NANOS;
    }
    paid += (long) (units * SECOND / perSecond);
    return Math.max(0, paid - now);
  }
}
