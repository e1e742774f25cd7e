package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The two directions of one connection, blocking. Used by one thread at a time; {@link #abort} may
 * come from any other and ends what is under way.
 */
interface Wire {
  /** Reads at least one byte; −1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes all remaining bytes. */
  void write(ByteBuffer from) throws IOException;

  /** Whether {@link #send} works: the bytes of a file go out unchanged. */
  boolean sendsFiles();

  /** Sends bytes of a file by sendfile(2); answers how many, at least one. */
  long send(FileChannel file, long position, long count) throws IOException;

  /** Whether the other side has neither closed nor said anything unasked. */
  boolean quiet() throws IOException;

  /** Closes the socket. Any thread. */
  void abort();

  /** Gives back what the wire holds besides its socket. The using thread, after abort. */
  void release();
}
