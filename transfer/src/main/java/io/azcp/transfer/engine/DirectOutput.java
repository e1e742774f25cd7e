package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Into a file around the page cache (open(2), {@code O_DIRECT}): bytes are gathered in an aligned
 * buffer, and written in whole blocks of the file system. The last block is filled up with zeros;
 * who made the file cuts it to its length. Ranges start at multiples of {@link #ALIGNMENT}.
 */
final class DirectOutput extends RangeOutput {
  /** Bytes that offsets, lengths and addresses are multiples of; no common disk needs more. */
  static final int ALIGNMENT = 4096;

  /** Bytes of a buffer: large enough that a disk is kept busy by a write a core. */
  private static final int BYTES = 1 << 20;

  /** As many as there are ranges under way; who finds no memory waits for one that ends. */
  private static final StreamBuffers BUFFERS =
      new StreamBuffers(BYTES, ALIGNMENT, Integer.MAX_VALUE);

  private final FileChannel channel;
  private final ByteBuffer buffer;
  private long next;

  /** An output that begins at an offset; waits for a buffer where there is no memory for one. */
  DirectOutput(FileChannel channel, long offset) throws IOException {
    this.channel = channel;
    this.next = offset;
    this.buffer = BUFFERS.take(() -> false);
  }

  /** Whether the blocks of the file system that holds a file are such that it works. */
  static boolean fits(Path file) throws IOException {
    long block = Files.getFileStore(file).getBlockSize();
    return block > 0 && block <= ALIGNMENT && ALIGNMENT % block == 0;
  }

  @Override
  void write(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      int n = Math.min(data.remaining(), buffer.remaining());
      buffer.put(data.slice(data.position(), n));
      data.position(data.position() + n);
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  @Override
  void end() throws IOException {
    if (buffer.position() > 0) {
      while (buffer.position() % ALIGNMENT != 0) {
        buffer.put((byte) 0);
      }
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    int bytes = buffer.remaining();
    write(channel, buffer, next);
    next += bytes;
    buffer.clear();
  }

  @Override
  public void close() {
    BUFFERS.give(buffer);
  }
}
