package io.azcp.transfer.engine;

import io.azcp.base.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Direct buffers of one size for blocks that are held whole, or gathered: as many as can be used at
 * once within a bound and the memory of the process, made when they are first needed. A few there
 * always are, so that the work goes on. Thread-safe.
 */
final class StreamBuffers implements AutoCloseable {
  /** Bytes of all buffers of one stream together, unless two blocks take more. */
  private static final long BYTES = 64L << 20;

  /** A stream needs one that is filled and one that is emptied. */
  private static final int LEAST = 2;

  /** The largest block of a stream: two of them are in memory at least. */
  private static final int MAX_BLOCK = 256 << 20;

  private static final long POLL_MILLIS = 200;

  private final int size;
  private final int alignment;
  private final int count;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final List<MemoryBudget.Reservation> memory = new ArrayList<>();

  /**
   * Buffers of one size.
   *
   * @param wanted how many can be used at once, one more being filled or emptied
   */
  StreamBuffers(int size, int wanted) {
    this(size, 1, (int) Math.max(LEAST, Math.min(wanted + 1L, BYTES / size)));
  }

  /**
   * Buffers whose addresses are multiples of a number.
   *
   * @param count how many there are at most
   */
  StreamBuffers(int size, int alignment, int count) {
    this.size = size;
    this.alignment = alignment;
    this.count = count;
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
  ByteBuffer take(UnitGroup users) throws IOException {
    ByteBuffer buffer = take(users::isStopped);
    if (buffer == null) {
      users.await();
      throw UnitGroup.cancelled();
    }
    return buffer;
  }

  /** A cleared buffer, waited for where all are in use; null once it is not wanted any more. */
  synchronized ByteBuffer take(BooleanSupplier over) throws IOException {
    try {
      ByteBuffer buffer = poll();
      while (buffer == null && !over.getAsBoolean()) {
        wait(POLL_MILLIS);
        buffer = poll();
      }
      return buffer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UnitGroup.cancelled();
    }
  }

  /** A cleared buffer, or null where all are in use. */
  synchronized ByteBuffer poll() {
    if (!free.isEmpty()) {
      return free.pop().clear();
    }
    if (memory.size() == count) {
      return null;
    }
    MemoryBudget budget = MemoryBudget.ofProcess();
    MemoryBudget.Reservation more =
        memory.size() < LEAST ? budget.reserveAnyway(size) : budget.tryReserveMore(size);
    if (more == null) {
      return null;
    }
    memory.add(more);
    return alignment == 1
        ? ByteBuffer.allocateDirect(size)
        : ByteBuffer.allocateDirect(size + alignment).alignedSlice(alignment).slice(0, size);
  }

  /** Takes one back, also one made elsewhere. */
  synchronized void give(ByteBuffer buffer) {
    free.push(buffer);
    notifyAll();
  }

  /** Nobody uses the buffers any more. */
  @Override
  public synchronized void close() {
    free.clear();
    memory.forEach(MemoryBudget.Reservation::close);
    memory.clear();
  }
}
