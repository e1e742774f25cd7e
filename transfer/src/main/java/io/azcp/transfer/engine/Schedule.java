package io.azcp.transfer.engine;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands the files of a job out as they are found: those moved whole go to the workers, those cut
 * into ranges get a coordinating thread each, which feeds their ranges to the same workers. Both
 * are bounded, so that the walk runs only a little ahead. Used by the one thread that walks.
 */
final class Schedule implements AutoCloseable {
  /** Small files queued for each worker: enough that none is idle while the walk blocks. */
  private static final int LOOK_AHEAD = 4;

  private static final long POLL_MILLIS = 200;

  private final Workers workers;
  private final UnitGroup small;
  private final int parallelFiles;
  private final Semaphore slots;
  private final ThreadPoolExecutor coordinators;

  Schedule(Workers workers, int parallelFiles) {
    this.workers = workers;
    this.small = new UnitGroup(workers, LOOK_AHEAD * workers.count());
    this.parallelFiles = parallelFiles;
    this.slots = new Semaphore(parallelFiles);
    this.coordinators =
        new ThreadPoolExecutor(
            parallelFiles,
            parallelFiles,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            unit -> {
              Thread thread = new Thread(unit, "azcp-file");
              thread.setDaemon(true);
              return thread;
            });
    coordinators.allowCoreThreadTimeOut(true);
  }

  /** Queues what one worker does at a stretch. The unit handles its own failures. */
  void small(Runnable unit) throws IOException {
    small.submit(unit::run);
  }

  /** Queues what needs a coordinator. The unit handles its own failures. */
  void large(Runnable unit) throws IOException {
    acquire(1);
    coordinators.execute(
        () -> {
          try {
            unit.run();
          } finally {
            slots.release();
          }
        });
  }

  /** Waits until all is done; {@code ECANCELED} where the workers were stopped before. */
  void await() throws IOException {
    small.await();
    acquire(parallelFiles);
    slots.release(parallelFiles);
  }

  private void acquire(int count) throws IOException {
    try {
      while (!slots.tryAcquire(count, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (workers.isClosed()) {
          throw UnitGroup.cancelled();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UnitGroup.cancelled();
    }
  }

  /** Drops what has not begun, and waits for the rest, whose requests have their own deadlines. */
  @Override
  public void close() {
    small.close();
    coordinators.shutdown();
    boolean ended = false;
    while (!ended) {
      try {
        ended = coordinators.awaitTermination(POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
