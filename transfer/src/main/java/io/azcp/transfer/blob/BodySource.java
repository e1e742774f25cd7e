package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a request, readable again from any position, so that a request can be repeated. */
public interface BodySource {
  /** Bytes in all. */
  long length();

  /**
   * Reads at least one byte at the position into the buffer. Ending before {@link #length()} is an
   * error of the source.
   */
  int read(long position, ByteBuffer into) throws IOException;

  /** A file that holds exactly these bytes from {@link #fileOffset()} on, for sendfile; or null. */
  default FileChannel file() {
    return null;
  }

  /** Where in {@link #file()} this body starts. */
  default long fileOffset() {
    return 0;
  }

  /** A body in memory. */
  static BodySource of(byte[] bytes) {
    return new BodySource() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public int read(long position, ByteBuffer into) {
        int n = (int) Math.min(into.remaining(), bytes.length - position);
        into.put(bytes, (int) position, n);
        return n;
      }
    };
  }
}
