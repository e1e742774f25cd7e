package io.azcp.fs.fuse;

import io.azcp.base.Errno;

/**
 * The answer to one request. Exactly one of the two methods is called exactly once, from any
 * thread.
 *
 * @param <T> what a success carries
 */
public interface Reply<T> {
  /** The request succeeded. */
  void ok(T value);

  /** The request failed. */
  void fail(Errno errno);
}
