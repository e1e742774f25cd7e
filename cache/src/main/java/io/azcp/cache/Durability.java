package io.azcp.cache;

import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings published files to stable storage behind everyone's back: names are gathered for a few
 * seconds, synced together, and marked durable. After a reboot a file that was not is not trusted.
 * The same thread does the other work nobody waits for: the first walk over the folder, and
 * trimming it to its limit; and it brings partial files to stable storage now and then.
 */
final class Durability implements AutoCloseable {
  /** Beyond this many a sync of the whole file system is cheaper than one a file. */
  private static final int SINGLE_SYNCS = 32;

  /**
   * Partial files are synced so many times more seldom than published ones: what is lost of them is
   * only fetched again, and a file that becomes whole soon is not written out twice.
   */
  private static final int PARTIAL_SYNCS = 8;

  /** Names kept; more than that in one batch wait for no verdict and stay undurable. */
  private static final int MAX_NAMES = 100_000;

  private static final long JOIN_MILLIS = TimeUnit.SECONDS.toMillis(30);
  private static final Logger LOG = LoggerFactory.getLogger(Durability.class);

  private final CacheOptions options;
  private final Layout layout;
  private final EntryLocks locks;
  private final WholeFiles wholes;
  private final Chores chores;
  private final Thread thread = new Thread(this::run, "azcp-cache-keeper");
  private List<Published> gathered = new ArrayList<>();
  private boolean trim;
  private boolean closed;

  Durability(
      CacheOptions options, Layout layout, EntryLocks locks, WholeFiles wholes, Chores chores) {
    this.options = options;
    this.layout = layout;
    this.locks = locks;
    this.wholes = wholes;
    this.chores = chores;
    thread.setDaemon(true);
  }

  private record Published(String name, String etag) {}

  /** What else has to be done now and then. */
  interface Chores {
    /** Once, soon after the start. */
    void survey() throws IOException;

    /** After files were published, and every second: others use the disk, too. */
    void trim() throws IOException;

    /** Now and then: has what came of partial files survive a loss of power. */
    void syncPartials() throws IOException;
  }

  void start() {
    thread.start();
  }

  /** A file was published. */
  synchronized void published(String name, String etag) {
    trim = true;
    if (gathered.size() < MAX_NAMES) {
      gathered.add(new Published(name, etag));
    }
    notifyAll();
  }

  private void run() {
    attempt("look through", chores::survey);
    try {
      long due = System.nanoTime() + options.durableAfter().toNanos();
      long partialsDue = System.nanoTime() + options.durableAfter().toNanos() * PARTIAL_SYNCS;
      while (true) {
        boolean last;
        synchronized (this) {
          long left = due - System.nanoTime();
          if (!closed && !trim && (gathered.isEmpty() || left > 0)) {
            if (gathered.isEmpty()) {
              TimeUnit.SECONDS.timedWait(this, 1);
              trim = true;
              due = System.nanoTime() + options.durableAfter().toNanos();
            } else {
              TimeUnit.NANOSECONDS.timedWait(this, left);
            }
          }
          last = closed;
        }
        trimIfAsked();
        if (last) {
          return;
        }
        if (due - System.nanoTime() <= 0) {
          attempt("sync", this::sync);
        }
        if (partialsDue - System.nanoTime() <= 0) {
          attempt("sync the partial files of", chores::syncPartials);
          partialsDue = System.nanoTime() + options.durableAfter().toNanos() * PARTIAL_SYNCS;
        }
      }
    } catch (InterruptedException e) {
      LOG.warn("The thread that keeps the cache folder {} was interrupted", layout.folder());
    }
  }

  private void trimIfAsked() {
    boolean asked;
    synchronized (this) {
      asked = trim;
      trim = false;
    }
    if (asked) {
      attempt("trim", chores::trim);
    }
  }

  /** A step of the keeper. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private void attempt(String what, Step step) {
    try {
      step.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn("Could not {} the cache folder {}: {}", what, layout.folder(), e.getMessage());
    }
  }

  private void sync() throws IOException {
    List<Published> batch;
    synchronized (this) {
      batch = gathered;
      gathered = new ArrayList<>();
    }
    if (batch.size() > SINGLE_SYNCS) {
      int fd = Fd.open(layout.folder(), Fd.O_RDONLY, 0);
      try {
        Fd.syncFileSystem(fd);
      } finally {
        Fd.close(fd);
      }
    }
    for (Published file : batch) {
      if (batch.size() <= SINGLE_SYNCS) {
        syncFile(file);
      }
      locks.holding(
          file.name(),
          () -> {
            wholes.setDurable(file.name(), file.etag());
            return null;
          });
    }
  }

  private void syncFile(Published file) throws IOException {
    try (var found = wholes.find(file.name()).orElse(null)) {
      if (found != null) {
        Fd.sync(found.fd());
      }
    }
  }

  /** Stops; what was published in the last seconds stays undurable. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
