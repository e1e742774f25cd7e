package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Repeats an attempt that failed for a reason that may pass: 500, 502, 503, 504, 429, a container
 * or copy still in the making, and every fault of the connection but a certificate that is not to
 * be trusted. Thread-safe.
 */
final class Repeater implements AutoCloseable {
  /** A service that was never reached is most likely not there: one more attempt, no more. */
  private static final int FIRST_CONTACT_RETRIES = 1;

  /**
   * How long a state is waited for that ends by itself: the deletion of a container takes 30 s and
   * more (Delete Container), a copy within an account seconds.
   */
  private static final Duration STATE_LIMIT = Duration.ofMinutes(2);

  /** The longest pause between two looks at such a state is 4 s. */
  private static final int STATE_DOUBLINGS = 4;

  /** Kept connections that turn out to be gone cost an attempt nothing, up to so many. */
  private static final int FREE_STALE = 3;

  /** Waits; in tests it does not. */
  interface Sleeper {
    void sleep(Duration pause) throws IOException;
  }

  /** One attempt. */
  interface Attempt<T> {
    /**
     * Makes the attempt.
     *
     * @param repeated whether an earlier attempt may have been executed
     */
    T run(boolean repeated) throws IOException;
  }

  private final int maxRetries;
  private final Backoff backoff;
  private final Sleeper sleeper;
  private final RetryCounters counters;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean contacted;

  /**
   * Repeats until it is closed.
   *
   * @param limits are told of pauses, which leave room for other requests
   */
  Repeater(int maxRetries, RetryCounters counters, RequestLimits limits) {
    this.maxRetries = maxRetries;
    this.counters = counters;
    this.backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
    this.sleeper =
        pause -> {
          limits.pauses();
          try {
            sleepUnlessClosed(pause);
          } finally {
            limits.goesOn();
          }
        };
  }

  Repeater(int maxRetries, RetryCounters counters, Backoff backoff, Sleeper sleeper) {
    this.maxRetries = maxRetries;
    this.counters = counters;
    this.backoff = backoff;
    this.sleeper = sleeper;
  }

  <T> T run(Attempt<T> attempt) throws IOException {
    boolean repeated = false;
    int failures = 0;
    int stale = 0;
    int waits = 0;
    Duration waited = Duration.ZERO;
    while (true) {
      try {
        T result = attempt.run(repeated);
        contacted = true;
        return result;
      } catch (ServiceException e) {
        contacted = true;
        if (endsByItself(e) && waited.compareTo(STATE_LIMIT) < 0) {
          // Refused without being executed: what was not a repetition before is none now.
          Duration pause = backoff.pause(Math.min(++waits, STATE_DOUBLINGS), e.retryAfterMillis());
          waited = waited.plus(pause);
          counters.count(e);
          sleeper.sleep(pause);
          continue;
        }
        if (!mayPass(e) || failures >= maxRetries) {
          throw e;
        }
        failures++;
        counters.count(e);
        sleeper.sleep(backoff.pause(failures, e.retryAfterMillis()));
        repeated = true;
      } catch (TransportException e) {
        boolean unreachable = e.kind() == TransportException.Kind.UNREACHABLE;
        contacted |= !unreachable && e.retryable();
        repeated |= !unreachable;
        if (e.kind() == TransportException.Kind.STALE && stale++ < FREE_STALE) {
          continue;
        }
        int limit =
            unreachable && !contacted ? Math.min(FIRST_CONTACT_RETRIES, maxRetries) : maxRetries;
        if (!e.retryable() || failures >= limit) {
          throw e;
        }
        failures++;
        counters.countTransport();
        sleeper.sleep(backoff.pause(failures, -1));
      }
    }
  }

  private static boolean mayPass(ServiceException e) {
    return switch (e.status()) {
      case 429, 500, 502, 503, 504 -> true;
      default -> false;
    };
  }

  private static boolean endsByItself(ServiceException e) {
    return e.code().equals("ContainerBeingDeleted") || e.code().equals("PendingCopyOperation");
  }

  private void sleepUnlessClosed(Duration pause) throws IOException {
    try {
      if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AzcpException(Errno.ECANCELED, "the connection to the service is closed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted before another attempt", e);
    }
  }

  /** Ends all waits. */
  @Override
  public void close() {
    closed.countDown();
  }
}
