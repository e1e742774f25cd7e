package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BodySink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Semaphore;

/**
 * Writes the bytes of one answer at their place in the file and holds the service to its word: each
 * byte once, in order, none missing. Used by one thread.
 */
final class RangeWriter implements BodySink {
  /**
   * Writers at once, in the whole process. More than one a core fight for the inode lock and push
   * the buffers out of the processor's cache: 64 writers cost 1.63 CPU seconds a GiB, 2 cost 1.06
   * (two cores).
   */
  private static final Semaphore PERMITS =
      new Semaphore(Math.max(2, Runtime.getRuntime().availableProcessors()));

  private final FileChannel channel;
  private final String name;
  private final ContentMd5 md5;
  private long next;

  /**
   * A writer of the bytes from an offset on.
   *
   * @param md5 gets every byte too, or null
   */
  RangeWriter(FileChannel channel, String name, long offset, ContentMd5 md5) {
    this.channel = channel;
    this.name = name;
    this.next = offset;
    this.md5 = md5;
  }

  @Override
  public void accept(long offset, ByteBuffer data) throws IOException {
    if (offset != next) {
      throw new AzcpException(
          Errno.EPROTO, name + ": bytes from " + offset + " came where " + next + " was next");
    }
    if (md5 != null) {
      md5.add(data);
    }
    PERMITS.acquireUninterruptibly();
    try {
      while (data.hasRemaining()) {
        next += channel.write(data, next);
      }
    } finally {
      PERMITS.release();
    }
  }

  /** Checks that the answer ended where it should. */
  void checkEnd(long end) throws AzcpException {
    if (next != end) {
      throw new AzcpException(
          Errno.EIO, name + ": the answer ended at byte " + next + " instead of " + end);
    }
  }
}
