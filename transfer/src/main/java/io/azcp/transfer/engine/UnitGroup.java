package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;

/**
 * The units of one job on shared workers. At most {@code lookAhead} of them are queued or running:
 * who submits more waits, so that nothing grows with the size of the job. The first failure stops
 * the group: units not begun are dropped, and the failure is thrown to the coordinator once the
 * running ones have ended, so that what they use can be closed safely. The coordinator is one
 * thread, never a worker: it waits for workers.
 */
final class UnitGroup implements AutoCloseable {
  /** How often a waiting coordinator looks whether the workers were closed. */
  private static final long POLL_MILLIS = 200;

  /** A piece of work. */
  @FunctionalInterface
  interface Unit {
    /** Runs on a worker. */
    void run() throws IOException;
  }

  private final Workers workers;
  private final int lookAhead;
  private int outstanding;
  private int running;
  private boolean stopped;
  private boolean interrupted;
  private IOException failure;

  UnitGroup(Workers workers, int lookAhead) {
    this.workers = workers;
    this.lookAhead = lookAhead;
  }

  /**
   * Queues a unit, waiting until the look-ahead has room.
   *
   * @throws IOException the first failure of the group, or {@code ECANCELED}
   */
  void submit(Unit unit) throws IOException {
    if (!reserve()) {
      await();
      throw cancelled();
    }
    try {
      workers.submit(Workers.Urgency.BULK, () -> perform(unit));
    } catch (RejectedExecutionException e) {
      await();
      throw cancelled();
    }
  }

  private synchronized boolean reserve() {
    if (outstanding >= lookAhead) {
      // Half of it, so that the coordinator is not woken for every unit.
      while (!isStopped() && outstanding > lookAhead / 2) {
        pause();
      }
    }
    if (isStopped()) {
      return false;
    }
    outstanding++;
    return true;
  }

  /**
   * Waits until every unit has ended.
   *
   * @throws IOException the first failure of the group, or {@code ECANCELED} where units were
   *     dropped
   */
  synchronized void await() throws IOException {
    while (isStopped() ? running > 0 : outstanding > 0) {
      pause();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    if (stopped || outstanding > 0) {
      throw cancelled();
    }
  }

  /** Drops the units that have not begun and waits for the others. */
  @Override
  public synchronized void close() {
    cancel();
    while (running > 0) {
      pause();
    }
  }

  /** Drops the units that have not begun; {@link #await} still waits for the others. */
  synchronized void cancel() {
    stopped = true;
    notifyAll();
  }

  /** Whether no other unit begins: one has failed, or the workers were closed. */
  synchronized boolean isStopped() {
    return stopped || workers.isClosed();
  }

  /** Called in the loop that looks at what is awaited. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() {
    try {
      wait(POLL_MILLIS);
    } catch (InterruptedException e) {
      // Running units use the coordinator's files: they are waited for all the same.
      stopped = true;
      interrupted = true;
    }
  }

  private void perform(Unit unit) {
    synchronized (this) {
      if (isStopped()) {
        outstanding--;
        notifyAll();
        return;
      }
      running++;
    }
    IOException failed = null;
    try {
      unit.run();
    } catch (IOException e) {
      failed = e;
    } catch (RuntimeException | Error e) {
      failed = new AzcpException(Errno.EIO, "a transfer unit failed unexpectedly: " + e, e);
    }
    synchronized (this) {
      running--;
      outstanding--;
      if (failed != null) {
        stopped = true;
        failure = failure == null ? failed : failure;
      }
      if (stopped || outstanding == 0 || outstanding == lookAhead / 2) {
        notifyAll();
      }
    }
  }

  /** What a dropped unit means to who waits for it. */
  static AzcpException cancelled() {
    return new AzcpException(Errno.ECANCELED, "the transfer was cancelled");
  }
}
