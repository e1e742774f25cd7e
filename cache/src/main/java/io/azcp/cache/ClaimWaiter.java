package io.azcp.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks after everything that waits for another process: it asks each parked
 * wait again every few milliseconds. Once a second it has waits given up that last too long. It
 * never blocks on a lock, so a process that is stopped while it holds one delays nothing but what
 * it holds.
 */
final class ClaimWaiter implements AutoCloseable {
  /** Below the 20 ms in which a range that was given back is noticed. */
  private static final long PERIOD_MILLIS = 8;

  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(ClaimWaiter.class);

  private final List<Parked> parked = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "azcp-cache-claims");
  private final Runnable sweep;
  private long sweptAt = System.nanoTime();
  private boolean closed;

  /** Something that waits for another process. */
  @FunctionalInterface
  interface Parked {
    /** Looks; answers whether the wait is over. Does not block. */
    boolean poll();
  }

  /**
   * Starts the thread.
   *
   * @param sweep what is done about once a second
   */
  ClaimWaiter(Runnable sweep) {
    this.sweep = sweep;
    thread.setDaemon(true);
    thread.start();
  }

  /** Adds a wait. After {@link #close()} it is dropped: nobody waits for a closed cache. */
  synchronized void park(Parked wait) {
    if (!closed) {
      parked.add(wait);
      notifyAll();
    }
  }

  private void run() {
    try {
      while (true) {
        List<Parked> round;
        synchronized (this) {
          while (parked.isEmpty() && !closed && !sweepIsDue()) {
            TimeUnit.NANOSECONDS.timedWait(this, SWEEP_NANOS);
          }
          if (closed) {
            return;
          }
          // Taken out first: what is asked may be parked again by another thread before it answers.
          round = List.copyOf(parked);
          parked.clear();
        }
        if (sweepIsDue()) {
          sweptAt = System.nanoTime();
          sweep.run();
        }
        List<Parked> left = round.stream().filter(wait -> !ask(wait)).toList();
        synchronized (this) {
          if (!closed) {
            parked.addAll(left);
            wait(PERIOD_MILLIS);
          }
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("The thread that waits for other processes was interrupted");
    }
  }

  private boolean sweepIsDue() {
    return System.nanoTime() - sweptAt >= SWEEP_NANOS;
  }

  private static boolean ask(Parked wait) {
    try {
      return wait.poll();
    } catch (RuntimeException e) {
      LOG.error("A wait for another process failed", e);
      return true;
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      parked.clear();
      notifyAll();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
