package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Lets writes to a staging file in memory pass while there is room, and else has the file moved to
 * the disk, where it stays; nothing changes the content meanwhile. Thread-safe.
 */
final class MemoryFile {
  private static final long LOOK_MILLIS = 200;

  private final MemoryStaging staging;
  private final Executor threads;
  private final Move move;
  private final List<LocalFile.Done> waiting = new ArrayList<>();
  private int active;
  private boolean moving;
  private boolean moved;

  /** What moves the file. */
  @FunctionalInterface
  interface Move {
    /** Returns when the content is on the disk; on failure it is where it was. */
    void make() throws IOException;
  }

  MemoryFile(MemoryStaging staging, Executor threads, Move move) {
    this.staging = staging;
    this.threads = threads;
    this.move = move;
  }

  /** Whether so many bytes may be written now; {@link #leave} follows then. */
  synchronized boolean enter(long bytes) {
    if (moving || (!moved && !staging.admits(bytes))) {
      return false;
    }
    active++;
    return true;
  }

  /** Enters once the file is not on its way, for a change that takes no room. */
  synchronized void await() throws AzcpException {
    while (moving) {
      pause();
    }
    active++;
  }

  synchronized void leave() {
    active--;
    notifyAll();
  }

  /** The file has left the memory. */
  void gone() {
    staging.left();
  }

  synchronized boolean onDisk() {
    return moved;
  }

  /** Called in loops that look at what is awaited. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() throws AzcpException {
    try {
      wait(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while a file was moved to the disk", e);
    }
  }

  /** Has the file moved to the disk, on another thread, and tells when it is there. */
  void toDisk(LocalFile.Done done) {
    synchronized (this) {
      if (!moved) {
        waiting.add(done);
        if (moving) {
          return;
        }
        moving = true;
      }
    }
    if (onDisk()) {
      done.done(null);
      return;
    }
    try {
      threads.execute(this::run);
    } catch (RejectedExecutionException e) {
      ended(new AzcpException(Errno.EIO, "the file system is being unmounted", e));
    }
  }

  private void run() {
    AzcpException failure = null;
    try {
      synchronized (this) {
        while (active > 0) {
          pause();
        }
      }
      move.make();
      gone();
    } catch (IOException e) {
      failure = e instanceof AzcpException a ? a : new AzcpException(Errno.EIO, e.getMessage(), e);
    } catch (RuntimeException e) {
      failure = new AzcpException(Errno.EIO, "a file could not be moved to the disk: " + e, e);
    }
    ended(failure);
  }

  private void ended(AzcpException failure) {
    List<LocalFile.Done> told;
    synchronized (this) {
      moving = false;
      moved = failure == null;
      told = List.copyOf(waiting);
      waiting.clear();
      notifyAll();
    }
    told.forEach(done -> done.done(failure));
  }
}
