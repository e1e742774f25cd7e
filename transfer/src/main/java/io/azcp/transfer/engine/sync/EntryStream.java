package io.azcp.transfer.engine.sync;

import java.io.IOException;

/** Entries one after the other. Used by one thread. */
public interface EntryStream extends AutoCloseable {
  /** The next entry, or null after the last, then again and again. */
  Entry next() throws IOException;

  /** Lets go of what it holds; may be called at any time, and twice. */
  @Override
  void close() throws IOException;
}
