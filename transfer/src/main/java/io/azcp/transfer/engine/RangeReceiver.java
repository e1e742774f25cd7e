package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Hands the bytes of one answer on and holds the service to its word: each byte once, in order,
 * none missing. Used by one thread.
 */
final class RangeReceiver {
  private final String name;
  private final RangeOutput output;
  private final ContentMd5 md5;
  private long next;

  /**
   * A receiver of the bytes from an offset on.
   *
   * @param name of the blob, for messages
   * @param md5 gets every byte too, or null
   */
  RangeReceiver(String name, RangeOutput output, long offset, ContentMd5 md5) {
    this.name = name;
    this.output = output;
    this.next = offset;
    this.md5 = md5;
  }

  /** Takes all remaining bytes. */
  void accept(long offset, ByteBuffer data) throws IOException {
    if (offset != next) {
      throw new AzcpException(
          Errno.EPROTO, name + ": bytes from " + offset + " came where " + next + " was next");
    }
    if (md5 != null) {
      md5.add(data);
    }
    next += data.remaining();
    output.write(data);
  }

  /** Checks that the answer ended where it should, and ends the output. */
  void end(long end) throws IOException {
    if (next != end) {
      throw new AzcpException(
          Errno.EIO, name + ": the answer ended at byte " + next + " instead of " + end);
    }
    output.end();
  }
}
