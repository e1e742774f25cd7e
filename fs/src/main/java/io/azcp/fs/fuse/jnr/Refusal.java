package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;

/** An operation fails with an errno; carries it from the port to the callback, nothing else. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  private final Errno errno;

  Refusal(Errno errno) {
    super(errno.text(), null, false, false);
    this.errno = errno;
  }

  Errno errno() {
    return errno;
  }
}
