package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes changes of one name take turns, among the threads of this process and among processes: a
 * byte of {@code .azcp/locks/entries}, chosen by the hash of the name, locked on one open file
 * description a process. It is held for a few system calls, never while waiting for anything, and
 * never twice by one thread.
 */
final class EntryLocks implements AutoCloseable {
  private static final int STRIPES = 256;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long FIRST_PAUSE_NANOS = 50_000;
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final ReentrantLock[] stripes = new ReentrantLock[STRIPES];
  private final int fd;

  EntryLocks(String folder) throws PosixException {
    fd = Fd.open(folder + "/entries", Fd.O_RDWR | Fd.O_CREAT, 0600);
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** What is done under a lock. */
  @FunctionalInterface
  interface Change<T> {
    T run() throws IOException;
  }

  /** Makes a change while one name is locked. */
  <T> T holding(String name, Change<T> change) throws IOException {
    return holding(name, name, change);
  }

  /** The same with two names; neither is held while the other is waited for. */
  <T> T holding(String name, String other, Change<T> change) throws IOException {
    int a = stripe(name);
    int b = stripe(other);
    int low = Math.min(a, b);
    int high = Math.max(a, b);
    acquire(low, high, name);
    try {
      return change.run();
    } finally {
      release(low, high);
    }
  }

  private void acquire(int low, int high, String name) throws AzcpException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      // Within the process the order of the stripes prevents a deadlock.
      stripes[low].lock();
      if (high != low) {
        stripes[high].lock();
      }
      boolean locked = false;
      try {
        locked = tryBoth(low, high);
      } finally {
        if (!locked) {
          unlockStripes(low, high);
        }
      }
      if (locked) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AzcpException(
            Errno.EBUSY,
            "The cache entry of "
                + name
                + " has been held by another process for 10 s; look for a stopped azcp process.");
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
    }
  }

  private boolean tryBoth(int low, int high) throws PosixException {
    if (!OfdLock.tryExclusive(fd, low, 1)) {
      return false;
    }
    if (low == high || OfdLock.tryExclusive(fd, high, 1)) {
      return true;
    }
    OfdLock.unlock(fd, low, 1);
    return false;
  }

  private void release(int low, int high) {
    try {
      OfdLock.unlock(fd, low, 1);
      OfdLock.unlock(fd, high, 1);
    } catch (PosixException e) {
      throw new IllegalStateException("an unlock of a valid descriptor cannot fail", e);
    } finally {
      unlockStripes(low, high);
    }
  }

  private void unlockStripes(int low, int high) {
    if (high != low) {
      stripes[high].unlock();
    }
    stripes[low].unlock();
  }

  private static int stripe(String name) {
    return Math.floorMod(name.hashCode() * 0x9E3779B1, STRIPES);
  }

  @Override
  public void close() {
    Fd.close(fd);
  }
}
