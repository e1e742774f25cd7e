package io.azcp.cache;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where missing bytes come from. Thread-safe; calls block their (fetching) thread. */
@FunctionalInterface
public interface RangeSource {
  /**
   * Fetches exactly {@code [offset, offset + length)} of the version, in order, each byte once.
   * Throws {@code ESTALE} when the blob is no longer of that version.
   */
  void fetch(String name, BlobVersion version, long offset, long length, Sink sink)
      throws IOException;

  /** Takes fetched bytes. */
  @FunctionalInterface
  interface Sink {
    /** Takes all remaining bytes of a direct buffer, which is reused afterwards. */
    void write(long offset, ByteBuffer data) throws IOException;
  }
}
