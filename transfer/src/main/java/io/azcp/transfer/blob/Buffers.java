package io.azcp.transfer.blob;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Direct buffers of one size, kept for reuse: making one costs a clearing of its memory, dropping
 * one leaves it to the collector. There are never more than connections at once need.
 */
final class Buffers {
  /**
   * Bytes of a buffer for bodies over TCP as it is: each read costs some ten microseconds besides
   * its bytes, mostly for telling the other side that there is room again. Of 4 GiB from this
   * machine, 64 KiB at a time cost 2.0 s of system time, 256 KiB 1.4 s, 512 KiB 1.2 s, and more no
   * less.
   */
  static final int PLAIN = 512 << 10;

  /** Bytes of a buffer for bodies over TLS: the records and their text stay in the L2 cache. */
  static final int SECURE = 256 << 10;

  /** Bytes of a buffer for a TLS record and what is around it, as either library wants it. */
  static final int RECORD = 40 << 10;

  private final int size;
  private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

  /** Buffers of so many bytes. */
  Buffers(int size) {
    this.size = size;
  }

  /** Bytes of each. */
  int size() {
    return size;
  }

  /** A cleared buffer. */
  ByteBuffer take() {
    ByteBuffer buffer = free.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(size) : buffer.clear();
  }

  /** Takes a buffer back that nobody will touch any more. */
  void give(ByteBuffer buffer) {
    free.addFirst(buffer);
  }
}
