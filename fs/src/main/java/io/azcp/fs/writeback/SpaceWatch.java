package io.azcp.fs.writeback;

import io.azcp.cache.Cache;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the disk's free space ten times a second while files are open for writing, because what
 * the kernel writes past the daemon is seen nowhere else. Where less is free than is to be kept,
 * the cache gives up what it can, uploads start without their quiet time, and files opened for
 * writing are served by the daemon. Thread-safe; one thread.
 */
final class SpaceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpaceWatch.class);
  private static final long LOOK_MILLIS = 100;
  private static final long CLOSE_MILLIS = 10_000;

  private final Cache cache;
  private final Runnable hurry;
  private final Thread thread = new Thread(this::work, "azcp-space");
  private int writers;
  private boolean closed;
  private boolean known;
  private boolean tight;
  private long lookedNanos;

  /**
   * A watch.
   *
   * @param hurry has uploads begin at once
   */
  SpaceWatch(Cache cache, Runnable hurry) {
    this.cache = cache;
    this.hurry = hurry;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** A file was opened for writing. */
  synchronized void opened() {
    writers++;
    notifyAll();
  }

  /** One was closed. */
  synchronized void released() {
    writers--;
  }

  /** Whether less space is free than is to be kept, as of a moment ago. */
  synchronized boolean tight() {
    long now = System.nanoTime();
    if (!known || now - lookedNanos > TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS)) {
      try {
        tight = cache.tight();
      } catch (IOException e) {
        LOG.debug("the free space is not known: {}", e.getMessage());
      }
      known = true;
      lookedNanos = now;
    }
    return tight;
  }

  private void work() {
    boolean was = false;
    while (pause()) {
      boolean now = tight();
      if (now) {
        makeRoom();
      }
      if (now && !was) {
        LOG.warn("little space is left in {}; uploads start at once", cache.folder());
        hurry.run();
      }
      was = now;
    }
  }

  /** Has the cache give up what it can. */
  void makeRoom() {
    try {
      cache.makeRoom();
    } catch (IOException e) {
      LOG.warn("no room could be made in {}: {}", cache.folder(), e.getMessage());
    }
  }

  /** Waits for the next look; false at the end. */
  private synchronized boolean pause() {
    try {
      TimeUnit.MILLISECONDS.timedWait(this, LOOK_MILLIS);
      while (!closed && writers == 0) {
        TimeUnit.MINUTES.timedWait(this, 1);
      }
    } catch (InterruptedException e) {
      LOG.debug("nobody interrupts this thread", e);
    }
    return !closed;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
