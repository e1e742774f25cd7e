package io.azcp.transfer.limit;

import io.azcp.base.Rate;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What requests to one account may take together: one for all connections of a process that
 * transfers. Who makes a request asks it before and waits as it says; it keeps no thread. Thread-
 * safe.
 */
public final class RequestLimits {
  /** No limit at all. */
  public static final RequestLimits NONE = new RequestLimits(null, null, null);

  /** Bytes between two questions where bytes are limited. */
  private static final long PIECE = 256 << 10;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_BUSY = 503;

  private final AdaptiveConcurrency concurrency;
  private final TokenBucket bandwidth;
  private final TokenBucket rate;
  private final AtomicInteger pausing = new AtomicInteger();

  private RequestLimits(AdaptiveConcurrency concurrency, TokenBucket bandwidth, TokenBucket rate) {
    this.concurrency = concurrency;
    this.bandwidth = bandwidth;
    this.rate = rate;
  }

  /**
   * Limits.
   *
   * @param concurrency requests at once at most; fewer where more do not pay
   * @param bandwidth bytes of bodies in both directions together, or null for no limit
   * @param requestsPerSecond 0 for no limit
   */
  public static RequestLimits of(int concurrency, Rate bandwidth, int requestsPerSecond) {
    LongSupplier clock = System::nanoTime;
    return new RequestLimits(
        new AdaptiveConcurrency(concurrency),
        bandwidth == null ? null : new TokenBucket(bandwidth.bytesPerSecond(), clock),
        requestsPerSecond == 0 ? null : new TokenBucket(requestsPerSecond, clock));
  }

  /**
   * How many callers may have a request under way, or wait to repeat one, at once now. Those that
   * wait ask nothing of the service, so that others take their places, unless it is the service
   * that has too much to do.
   */
  public int concurrency() {
    if (concurrency == null) {
      return Integer.MAX_VALUE;
    }
    int limit = concurrency.limit();
    return concurrency.isOverloaded()
        ? limit
        : Math.min(concurrency.ceiling(), limit + pausing.get());
  }

  /** A caller waits before it repeats a request; it says so when it {@link #goesOn}. */
  public void pauses() {
    pausing.incrementAndGet();
  }

  /** A caller that paused repeats its request, or gives up. */
  public void goesOn() {
    pausing.decrementAndGet();
  }

  /** Nanoseconds to wait before a request. */
  public long beforeRequest() {
    return rate == null ? 0 : rate.take(1);
  }

  /** Nanoseconds to wait before so many bytes of a body are sent or taken. */
  public long beforeBytes(long bytes) {
    return bandwidth == null ? 0 : bandwidth.take(bytes);
  }

  /** How many of so many bytes to move before the next question. */
  public long piece(long bytes) {
    return bandwidth == null ? bytes : Math.min(bytes, PIECE);
  }

  /** Told of every answer: its status and the bytes of both bodies. */
  public void ended(int status, long bytes) {
    if (concurrency == null) {
      return;
    }
    if (status == TOO_MANY_REQUESTS || status == SERVER_BUSY) {
      concurrency.refused();
    } else {
      concurrency.ended(bytes);
    }
  }
}
