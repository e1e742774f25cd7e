package io.azcp.prefetch;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * The names that a preparation is about, one after the other, so that their number does not matter.
 * Used by one thread.
 */
public interface PrepareNames extends AutoCloseable {
  /**
   * A name.
   *
   * @param path relative to the rule; empty for everything
   * @param file whether it most likely names a file, not a directory or a pattern
   * @param size its bytes as a list has them, only for what progress tells; 0 where it has none
   */
  record Name(String path, boolean file, long size) {}

  /** The next one; null after the last. */
  Name next() throws IOException;

  /** How many files all names together are known to be; 0 where that has to be found out. */
  default long files() {
    return 0;
  }

  /** Their bytes as a list has them. */
  default long bytes() {
    return 0;
  }

  @Override
  default void close() throws IOException {}

  /** Files, directories and patterns as a user types them. */
  static PrepareNames of(List<String> paths) {
    Iterator<String> rest = List.copyOf(paths).iterator();
    return () -> rest.hasNext() ? new Name(rest.next(), false, 0) : null;
  }
}
