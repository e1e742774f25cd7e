package io.azcp.transfer.blob;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the service's clock is ahead of this machine's, told from the Date header of an answer
 * every now and then. Warns once in a process. Thread-safe.
 */
final class ClockOffset {
  /** Below this nothing is made of it: a date has whole seconds, and an answer takes its time. */
  static final Duration NOTICEABLE = Duration.ofMinutes(1);

  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private final AtomicBoolean warned;
  private volatile long aheadMillis;
  private volatile long lookAgain = System.nanoTime();

  ClockOffset() {
    this(WARNED);
  }

  ClockOffset(AtomicBoolean warned) {
    this.warned = warned;
  }

  /** Looks at an answer that just came, unless another was looked at a short while ago. */
  void observe(ResponseHead head) {
    long nanos = System.nanoTime();
    if (nanos - lookAgain >= 0) {
      lookAgain = nanos + LOOK_NANOS;
      observe(HttpDate.parse(head.header("date")), System.currentTimeMillis());
    }
  }

  /** Compares a date of the service, −1 for none, with this machine's. */
  void observe(long service, long here) {
    long ahead = service - here;
    if (service < 0 || Math.abs(ahead) < NOTICEABLE.toMillis()) {
      aheadMillis = 0;
      return;
    }
    aheadMillis = ahead;
    if (warned.compareAndSet(false, true)) {
      Log.LOG.warn(
          "{}; times are compared by the service's clock, set this one", described(-ahead));
    }
  }

  /** A sentence about a clock. */
  static String described(long hereAheadMillis) {
    long minutes = Math.abs(hereAheadMillis) / 60_000;
    return "this machine's clock is "
        + (minutes == 1 ? "1 minute " : minutes + " minutes ")
        + (hereAheadMillis > 0 ? "ahead" : "behind");
  }

  /** Milliseconds, negative where the service's clock is behind; 0 for no noticeable difference. */
  long aheadMillis() {
    return aheadMillis;
  }

  /** Loaded where something is logged: to start a logger costs 10 ms. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(ClockOffset.class);
  }
}
