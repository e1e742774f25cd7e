package io.azcp.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A client's connection, blocking; used by one thread. */
interface Link extends AutoCloseable {
  /** Reads at least one byte; −1 at the end. */
  int read(ByteBuffer into) throws IOException;

  /** Writes all remaining bytes. */
  void write(ByteBuffer from) throws IOException;

  /** Writes bytes of the pattern, which begins again at its end. */
  void write(Pattern pattern, long place, long length) throws IOException;

  @Override
  void close() throws IOException;
}
