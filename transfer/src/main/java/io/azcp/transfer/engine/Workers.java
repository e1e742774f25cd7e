package io.azcp.transfer.engine;

import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that move bytes: a fixed number of named workers, each blocking on one request at a
 * time. Urgent units (somebody waits for the bytes) go before the others. Workers are never
 * interrupted; {@link #close()} lets running units end, whose sockets the owner of the service
 * closes.
 */
public final class Workers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final long POLL_MILLIS = 200;

  /** Whether somebody waits for a unit. */
  public enum Urgency {
    /** An application is blocked until it is done. */
    URGENT,
    /** Read-ahead, bulk fills, uploads. */
    BULK
  }

  private final LinkedBlockingDeque<Runnable> urgent = new LinkedBlockingDeque<>();
  private final LinkedBlockingDeque<Runnable> bulk = new LinkedBlockingDeque<>();
  private final java.util.concurrent.Semaphore ready = new java.util.concurrent.Semaphore(0);
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread[] threads;

  /** Starts the workers. */
  public Workers(String name, int count) {
    threads = new Thread[count];
    for (int i = 0; i < count; i++) {
      threads[i] = new Thread(this::work, name + "-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** Queues a unit. It must handle its own failures; one that throws is logged. */
  public void submit(Urgency urgency, Runnable unit) {
    if (closed.get()) {
      throw new java.util.concurrent.RejectedExecutionException("workers are closed");
    }
    (urgency == Urgency.URGENT ? urgent : bulk).add(unit);
    ready.release();
  }

  /** Whether it was stopped or closed: queued units are dropped, no other begins. */
  public boolean isClosed() {
    return closed.get();
  }

  /** How many there are. */
  public int count() {
    return threads.length;
  }

  /** Units waiting for a worker. */
  public int queued() {
    return urgent.size() + bulk.size();
  }

  private void work() {
    while (!closed.get()) {
      try {
        if (!ready.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          continue;
        }
      } catch (InterruptedException e) {
        return;
      }
      Runnable unit = urgent.poll();
      if (unit == null) {
        unit = bulk.poll();
      }
      if (unit != null) {
        run(unit);
      }
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private static void run(Runnable unit) {
    try {
      unit.run();
    } catch (RuntimeException | Error e) {
      LOG.error("a transfer unit failed unexpectedly", e);
    }
  }

  /** Takes no new units and drops queued ones, without waiting for running ones. */
  public void stop() {
    closed.set(true);
    urgent.clear();
    bulk.clear();
    // Idle workers look at once whether they may end.
    ready.release(threads.length);
  }

  /** Takes no new units, drops queued ones and waits up to 10 s for running ones. */
  @Override
  public void close() {
    stop();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    for (Thread t : threads) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        t.join(Math.max(1, left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
