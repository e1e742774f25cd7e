package io.azcp.fs.mount;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one version of a file, wherever they are. Used by one thread. */
public interface FileContent extends AutoCloseable {
  /** Bytes in all. */
  long length();

  /**
   * Reads at least one byte at an offset below {@link #length()}, at most what the buffer has room
   * for, waiting for what has to be fetched. Nothing else is fetched, but for the rest of the units
   * that a cache keeps, and what lies ahead where {@code sequential} says that it is wanted next.
   *
   * @param into a direct buffer
   */
  void read(long offset, ByteBuffer into, boolean sequential) throws IOException;

  @Override
  void close();
}
