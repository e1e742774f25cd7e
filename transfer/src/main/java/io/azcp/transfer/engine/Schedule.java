package io.azcp.transfer.engine;

import java.io.IOException;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * The files of a job that were found and not yet begun, the largest first: so the last to end are
 * small, and nobody waits long for the one that ends last. Files moved whole go to the workers;
 * those cut into ranges get a coordinating thread each, so many at once, which feeds their ranges
 * to the same workers. It holds {@value #LOOK_AHEAD} files, and who finds more waits, so that
 * memory does not grow with the job. Filled by the one thread that walks the source.
 */
final class Schedule implements AutoCloseable {
  /** Files among which the largest goes first. */
  static final int LOOK_AHEAD = 10_000;

  /**
   * Small files given to the workers for each of them: so many that none is idle, so few that a
   * large file's ranges do not stand behind them for long.
   */
  private static final int QUEUED = 4;

  private static final long POLL_MILLIS = 200;

  private record Planned(long size, long number, Runnable unit) implements Comparable<Planned> {
    @Override
    public int compareTo(Planned other) {
      int bySize = Long.compare(other.size, size);
      return bySize == 0 ? Long.compare(number, other.number) : bySize;
    }
  }

  private final Workers workers;
  private final int parallelFiles;

  // Guarded by this.
  private final PriorityQueue<Planned> small = new PriorityQueue<>();
  private final PriorityQueue<Planned> large = new PriorityQueue<>();
  private long planned;
  private int given;
  private int coordinators;
  private int running;
  private boolean closed;
  private boolean interrupted;

  Schedule(Workers workers, int parallelFiles) {
    this.workers = workers;
    this.parallelFiles = parallelFiles;
  }

  /** The same as {@link #small(long, Runnable)} for what has no size. */
  void small(Runnable unit) throws IOException {
    small(0, unit);
  }

  /** Queues what one worker does at a stretch. The unit handles its own failures. */
  synchronized void small(long size, Runnable unit) throws IOException {
    awaitRoom();
    small.add(new Planned(size, planned++, unit));
    if (given < QUEUED * workers.count() && give()) {
      given++;
    }
  }

  /** The same as {@link #large(long, Runnable)} for what has no size. */
  void large(Runnable unit) throws IOException {
    large(0, unit);
  }

  /** Queues what needs a coordinator. The unit handles its own failures. */
  synchronized void large(long size, Runnable unit) throws IOException {
    awaitRoom();
    large.add(new Planned(size, planned++, unit));
    if (coordinators < parallelFiles) {
      coordinators++;
      Thread thread = new Thread(this::coordinate, "azcp-file");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void awaitRoom() throws IOException {
    if (small.size() + large.size() >= LOOK_AHEAD) {
      // Half of it, so that the walking thread is not woken for every file.
      while (!isOver() && small.size() + large.size() > LOOK_AHEAD / 2) {
        pause();
      }
    }
    if (isOver()) {
      throw UnitGroup.cancelled();
    }
  }

  /** Lets the workers take one of the small files: the one that is then the largest. */
  private boolean give() {
    try {
      workers.submit(Workers.Urgency.BULK, this::runSmall);
      return true;
    } catch (RejectedExecutionException e) {
      notifyAll();
      return false;
    }
  }

  private void runSmall() {
    Planned file = take(small);
    if (file != null) {
      Workers.run(file.unit);
    }
    synchronized (this) {
      running -= file == null ? 0 : 1;
      if (small.isEmpty() || !give()) {
        given--;
      }
      tellIfDone();
    }
  }

  private void coordinate() {
    for (Planned file = take(large); file != null; file = take(large)) {
      Workers.run(file.unit);
      synchronized (this) {
        running--;
        tellIfDone();
      }
    }
  }

  private synchronized Planned take(PriorityQueue<Planned> files) {
    Planned file = isOver() ? null : files.poll();
    if (file != null) {
      running++;
      if (small.size() + large.size() == LOOK_AHEAD / 2) {
        notifyAll();
      }
    } else if (files == large) {
      coordinators--;
    }
    return file;
  }

  private void tellIfDone() {
    if (running == 0) {
      notifyAll();
    }
  }

  /** Waits until all is done; {@code ECANCELED} where the workers were stopped before. */
  synchronized void await() throws IOException {
    while (!isOver() && running + small.size() + large.size() > 0) {
      pause();
    }
    if (isOver()) {
      throw UnitGroup.cancelled();
    }
  }

  private boolean isOver() {
    return closed || workers.isClosed();
  }

  /** Called in the loop that looks at what is awaited. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() {
    try {
      wait(POLL_MILLIS);
    } catch (InterruptedException e) {
      // What runs uses files and buffers of the job: it is waited for all the same.
      closed = true;
      interrupted = true;
    }
  }

  /** Drops what has not begun, and waits for the rest, whose requests have their own deadlines. */
  @Override
  public synchronized void close() {
    closed = true;
    small.clear();
    large.clear();
    while (running > 0) {
      pause();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
