package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The buffers of a stream that is sent or received in blocks: as many as the workers can use within
 * a bound of memory, made when they are first needed. Thread-safe.
 */
final class StreamBuffers {
  /** Bytes of all buffers of one stream together, unless two blocks take more. */
  private static final long BYTES = 64L << 20;

  /** The largest block of a stream: two of them are in memory at least. */
  private static final int MAX_BLOCK = 256 << 20;

  private static final long POLL_MILLIS = 200;

  private final int size;
  private final int count;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private int made;

  /**
   * Buffers of one size.
   *
   * @param wanted how many can be used at once, one more being filled or emptied
   */
  StreamBuffers(int size, int wanted) {
    this.size = size;
    this.count = (int) Math.max(2, Math.min(wanted + 1L, BYTES / size));
  }

  /** Bytes of a stream's first block. */
  static int blockSize(TransferOptions options) {
    return (int) Math.min(options.blockSize(), MAX_BLOCK);
  }

  /** The size that comes after one. */
  static int larger(int size) {
    return Math.min(MAX_BLOCK, 2 * size);
  }

  /** How many there can be. */
  int count() {
    return count;
  }

  /** A cleared buffer, waited for where all are in use. */
  synchronized ByteBuffer take(UnitGroup users) throws IOException {
    try {
      while (free.isEmpty() && made == count && !users.isStopped()) {
        wait(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UnitGroup.cancelled();
    }
    if (!free.isEmpty()) {
      return free.pop().clear();
    }
    if (made == count) {
      users.await();
      throw UnitGroup.cancelled();
    }
    made++;
    return ByteBuffer.allocateDirect(size);
  }

  /** Takes one back, also one made elsewhere. */
  synchronized void give(ByteBuffer buffer) {
    free.push(buffer);
    notifyAll();
  }
}
