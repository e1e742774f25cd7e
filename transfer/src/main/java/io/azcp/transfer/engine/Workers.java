package io.azcp.transfer.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that move bytes, each blocking on one request at a time. There are as many as there
 * is work for, as many as a limit allows that may change from moment to moment, and never more than
 * a fixed count; a worker keeps its connection warm, so the limit is on workers and not on
 * requests. Urgent units (somebody waits for the bytes) go before the others. Workers are never
 * interrupted; {@link #close()} lets running units end, whose sockets the owner of the service
 * closes.
 */
public final class Workers implements AutoCloseable {
  private static final long KEEP_IDLE_SECONDS = 10;
  private static final long CLOSE_SECONDS = 10;

  /** Whether somebody waits for a unit. */
  public enum Urgency {
    /** An application is blocked until it is done. */
    URGENT,
    /** Read-ahead, bulk fills, uploads. */
    BULK
  }

  private final String name;
  private final int count;
  private final IntSupplier limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ready = lock.newCondition();

  // Guarded by lock.
  private final Deque<Runnable> urgent = new ArrayDeque<>();
  private final Deque<Runnable> bulk = new ArrayDeque<>();
  private final Set<Thread> threads = new HashSet<>();
  private int idle;
  private int starting;
  private int started;

  private volatile boolean closed;

  /** Workers that are limited by their count alone. */
  public Workers(String name, int count) {
    this(name, count, () -> count);
  }

  /**
   * Workers, none started yet.
   *
   * @param name the beginning of the threads' names
   * @param count how many there are at most
   * @param limit how many may work now; asked before and after every unit
   */
  public Workers(String name, int count, IntSupplier limit) {
    this.name = name;
    this.count = count;
    this.limit = limit;
  }

  /** Queues a unit. It must handle its own failures; one that throws is logged. */
  public void submit(Urgency urgency, Runnable unit) {
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("workers are closed");
      }
      (urgency == Urgency.URGENT ? urgent : bulk).add(unit);
      ready.signal();
      startIfNeeded();
    } finally {
      lock.unlock();
    }
  }

  private int allowed() {
    return Math.max(1, Math.min(count, limit.getAsInt()));
  }

  private int waiting() {
    return urgent.size() + bulk.size();
  }

  private void startIfNeeded() {
    if (waiting() > idle + starting && threads.size() < allowed()) {
      starting++;
      Thread thread = new Thread(this::work, name + "-" + started++);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  /** Whether it was stopped or closed: queued units are dropped, no other begins. */
  public boolean isClosed() {
    return closed;
  }

  /** How many there are at most. */
  public int count() {
    return count;
  }

  /** Units waiting for a worker. */
  public int queued() {
    lock.lock();
    try {
      return waiting();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    for (Runnable unit = next(true); unit != null; unit = next(false)) {
      run(unit);
    }
  }

  /** The next unit; null where this worker is not needed any more. */
  private Runnable next(boolean begins) {
    lock.lock();
    try {
      starting -= begins ? 1 : 0;
      Runnable unit = null;
      boolean stays = true;
      while (unit == null && stays) {
        unit = threads.size() > allowed() ? null : poll();
        stays = unit != null || (threads.size() <= allowed() && pause());
      }
      if (unit == null) {
        threads.remove(Thread.currentThread());
        return null;
      }
      startIfNeeded();
      return unit;
    } finally {
      lock.unlock();
    }
  }

  private Runnable poll() {
    Runnable unit = urgent.poll();
    return unit == null ? bulk.poll() : unit;
  }

  /** Waits for a unit; false where the worker should end. Called in a loop. */
  @SuppressWarnings("WaitNotInLoop")
  private boolean pause() {
    if (closed) {
      return false;
    }
    idle++;
    try {
      boolean signalled = ready.await(KEEP_IDLE_SECONDS, TimeUnit.SECONDS);
      return signalled || waiting() > 0;
    } catch (InterruptedException e) {
      return false;
    } finally {
      idle--;
    }
  }

  /** Runs a unit; what it throws is logged, for there is nobody else to tell. */
  @SuppressWarnings("CatchAndPrintStackTrace")
  static void run(Runnable unit) {
    try {
      unit.run();
    } catch (RuntimeException | Error e) {
      Log.LOG.error("a transfer unit failed unexpectedly", e);
    }
  }

  /** Takes no new units and drops queued ones, without waiting for running ones. */
  public void stop() {
    lock.lock();
    try {
      closed = true;
      urgent.clear();
      bulk.clear();
      ready.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no new units, drops queued ones and waits up to 10 s for running ones. */
  @Override
  public void close() {
    stop();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    for (Thread t : running()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        t.join(Math.max(1, left));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private List<Thread> running() {
    lock.lock();
    try {
      return List.copyOf(threads);
    } finally {
      lock.unlock();
    }
  }

  /** Loaded where something is logged: to start a logger costs 10 ms. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  }
}
