package io.azcp.fs.tree;

import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the service is away. While it is, what was known serves, and one request at a time, some
 * seconds apart, finds out whether it is back: nobody waits for a retry budget twice. Thread-safe.
 */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
  private static final long PROBE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;

  private final String what;
  private final LongSupplier clock;
  private volatile boolean away;
  private final AtomicLong nextProbe = new AtomicLong();

  Outage(String what, LongSupplier clock) {
    this.what = what;
    this.clock = clock;
  }

  /** Whether a failure says that the service is away, and not that it refused. */
  static boolean means(IOException failure) {
    return !(failure instanceof ServiceException e)
        || e.status() == TOO_MANY_REQUESTS
        || e.status() >= SERVER_ERRORS;
  }

  /** The service did not answer. */
  void failed(IOException failure) {
    nextProbe.set(clock.getAsLong() + PROBE_NANOS);
    if (!away) {
      away = true;
      LOG.warn("{} is away, what is known of it serves meanwhile: {}", what, failure.getMessage());
    }
  }

  /** The service answered. */
  void answered() {
    if (away) {
      away = false;
      LOG.info("{} answers again", what);
    }
  }

  /** Who wants to know now asks the service, whatever it did before. */
  void askAgain() {
    away = false;
  }

  /** Whether the service was away when last asked. */
  boolean away() {
    return away;
  }

  /** Whether the caller is the one to ask again. */
  boolean probeIsDue() {
    long now = clock.getAsLong();
    long due = nextProbe.get();
    return now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_NANOS);
  }
}
