package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Semaphore;

/** Where the bytes of one range go, in order. Used by one thread. */
abstract class RangeOutput implements AutoCloseable {
  /**
   * Writers at once, in the whole process. More than one a core fight for the inode lock and push
   * the buffers out of the processor's cache: 64 writers cost 1.63 CPU seconds a GiB, 2 cost 1.06
   * (two cores).
   */
  private static final Semaphore PERMITS =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

  /** Takes all remaining bytes of the buffer. */
  abstract void write(ByteBuffer data) throws IOException;

  /** Writes what is still held back; the range is whole. */
  void end() throws IOException {}

  /** Gives back what it used. */
  @Override
  public void close() {}

  /** Into a file from an offset on. */
  static RangeOutput to(FileChannel channel, long offset) {
    return new OfChannel(channel, offset);
  }

  /** Into a buffer that has room for all of it. */
  static RangeOutput into(ByteBuffer buffer) {
    return new OfBuffer(buffer);
  }

  /** Nowhere. */
  static RangeOutput discarding() {
    return new Discarding();
  }

  /** Writes all remaining bytes, with a permit. */
  static void write(FileChannel channel, ByteBuffer data, long offset) throws IOException {
    PERMITS.acquireUninterruptibly();
    try {
      long at = offset;
      while (data.hasRemaining()) {
        at += channel.write(data, at);
      }
    } finally {
      PERMITS.release();
    }
  }

  private static final class OfChannel extends RangeOutput {
    private final FileChannel channel;
    private long next;

    OfChannel(FileChannel channel, long offset) {
      this.channel = channel;
      this.next = offset;
    }

    @Override
    void write(ByteBuffer data) throws IOException {
      int bytes = data.remaining();
      write(channel, data, next);
      next += bytes;
    }
  }

  private static final class OfBuffer extends RangeOutput {
    private final ByteBuffer buffer;

    OfBuffer(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    void write(ByteBuffer data) {
      buffer.put(data);
    }
  }

  private static final class Discarding extends RangeOutput {
    @Override
    void write(ByteBuffer data) {
      data.position(data.limit());
    }
  }
}
