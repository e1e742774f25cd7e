package io.azcp.fs.fuse.kernel;

import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The buffers answers are built in. Small ones are as many as there are threads answering; of the
 * large ones there are {@value #LARGE}, and whoever finds none waits: they are held for one pread
 * and one write. Thread-safe.
 */
final class ReplyBuffers {
  private static final int SMALL_BYTES = 4096;
  private static final int LARGE = 8;
  private static final long WAIT_SECONDS = 30;

  private final int largeBytes;
  private final ArrayDeque<ReplyBuffer> small = new ArrayDeque<>();
  private final ArrayDeque<ReplyBuffer> large = new ArrayDeque<>();
  private final Semaphore largeFree = new Semaphore(LARGE);

  /** Buffers for bodies of up to so many bytes. */
  ReplyBuffers(int largeBytes) {
    this.largeBytes = largeBytes;
  }

  /** A buffer with room for the body; given back by {@link #give}. */
  ReplyBuffer take(int bodyBytes) {
    if (bodyBytes <= SMALL_BYTES) {
      ReplyBuffer buffer = poll(small);
      return buffer == null ? new ReplyBuffer(SMALL_BYTES) : buffer;
    }
    if (bodyBytes > largeBytes) {
      throw new IllegalArgumentException("an answer of " + bodyBytes + " bytes");
    }
    awaitLarge();
    ReplyBuffer buffer = poll(large);
    return buffer == null ? new ReplyBuffer(largeBytes) : buffer;
  }

  private void awaitLarge() {
    try {
      if (!largeFree.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no reply buffer came free in " + WAIT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a reply buffer", e);
    }
  }

  private static ReplyBuffer poll(ArrayDeque<ReplyBuffer> free) {
    synchronized (free) {
      return free.pollFirst();
    }
  }

  void give(ReplyBuffer buffer) {
    boolean isSmall = buffer.capacity() == SMALL_BYTES;
    ArrayDeque<ReplyBuffer> free = isSmall ? small : large;
    synchronized (free) {
      free.addFirst(buffer);
    }
    if (!isSmall) {
      largeFree.release();
    }
  }
}
