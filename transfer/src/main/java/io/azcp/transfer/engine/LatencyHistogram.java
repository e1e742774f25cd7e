package io.azcp.transfer.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long requests took: buckets whose bounds are powers of two of a millisecond, so that a
 * percentile is told as an upper bound. Thread-safe; a snapshot during a transfer may be off by the
 * requests that end meanwhile.
 */
public final class LatencyHistogram {
  private static final int BUCKETS = 32;
  private static final long MILLI = 1_000_000;

  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
  private final LongAdder total = new LongAdder();
  private final AtomicLong min = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong max = new AtomicLong();

  /** Counts a request. */
  public void record(long nanos) {
    total.add(nanos);
    min.accumulateAndGet(nanos, Math::min);
    max.accumulateAndGet(nanos, Math::max);
    buckets.incrementAndGet(bucket(nanos));
  }

  /** The bucket whose bound of 2^i ms is the first not below. */
  private static int bucket(long nanos) {
    long millis = (nanos + MILLI - 1) / MILLI;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, millis - 1));
    return Math.min(bits, BUCKETS - 1);
  }

  /** Requests counted. */
  public long count() {
    long count = 0;
    for (int i = 0; i < BUCKETS; i++) {
      count += buckets.get(i);
    }
    return count;
  }

  /** Their mean; zero where there are none. */
  public Duration mean() {
    long count = count();
    return Duration.ofNanos(count == 0 ? 0 : total.sum() / count);
  }

  /** The shortest; zero where there are none. */
  public Duration min() {
    return Duration.ofNanos(min.get() == Long.MAX_VALUE ? 0 : min.get());
  }

  /** The longest. */
  public Duration max() {
    return Duration.ofNanos(max.get());
  }

  /** The milliseconds that this share of the requests, 0 to 1, did not exceed. */
  public long boundMillis(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += buckets.get(i);
      if (seen >= rank) {
        return 1L << i;
      }
    }
    return 1L << (BUCKETS - 1);
  }
}
