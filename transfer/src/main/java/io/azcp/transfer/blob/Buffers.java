package io.azcp.transfer.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Direct buffers of one size, kept for reuse: making one costs a clearing of its memory, dropping
 * one leaves it to the collector. There are never more than connections at once need.
 */
final class Buffers {
  /**
   * Bytes of a buffer: large enough that a read or write is much dearer than its call, small enough
   * to stay in the second-level cache (measured best between 128 and 512 KiB).
   */
  static final int BYTES = 256 << 10;

  private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

  /** A cleared buffer. */
  ByteBuffer take() {
    ByteBuffer buffer = free.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(BYTES) : buffer.clear();
  }

  /** Takes a buffer back that nobody will touch any more. */
  void give(ByteBuffer buffer) {
    free.addFirst(buffer);
  }
}
