package io.azcp.cluster;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The buffers of all broadcasts: made once, at a block's boundary, and kept until the ranks part,
 * because a fabric remembers the memory it has registered. Thread-safe.
 */
final class BroadcastBuffers {
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final int count;

  /**
   * Buffers.
   *
   * @param chunk bytes of a chunk at most
   */
  BroadcastBuffers(int count, int chunk) {
    this.count = count;
    // One block more at the end, for a last part that is written in whole blocks.
    int bytes = Frame.HEADER + chunk + Chunks.ALIGNMENT;
    for (int i = 0; i < count; i++) {
      ByteBuffer memory = ByteBuffer.allocateDirect(bytes + Chunks.ALIGNMENT);
      free.add(memory.alignedSlice(Chunks.ALIGNMENT).slice(0, bytes));
    }
  }

  /** Bytes of all of them. */
  static long bytes(int count, int chunk) {
    return (long) count * (Frame.HEADER + chunk + 2L * Chunks.ALIGNMENT);
  }

  /** One that nobody uses; null where there is none. */
  synchronized ByteBuffer poll() {
    ByteBuffer buffer = free.poll();
    return buffer == null ? null : buffer.clear();
  }

  /** Waits until one is free, but not long. */
  synchronized void awaitOne(long millis) {
    try {
      if (free.isEmpty()) {
        TimeUnit.MILLISECONDS.timedWait(this, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  synchronized void give(ByteBuffer buffer) {
    free.push(buffer);
    notifyAll();
  }

  /** Whether all are free. */
  synchronized boolean isIdle() {
    return free.size() == count;
  }
}
