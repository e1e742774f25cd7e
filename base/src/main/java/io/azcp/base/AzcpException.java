package io.azcp.base;

import java.io.IOException;

/**
 * The root of every failure this program reports. Its message is one sentence a user can act on: it
 * names the file or blob, what was tried, what the other side said, and, where there is one, the
 * remedy. The errno is chosen where the failure is understood; a binding passes it to the kernel
 * unchanged.
 */
public class AzcpException extends IOException {
  private final Errno errno;

  /** A failure with its errno and its one-sentence message. */
  public AzcpException(Errno errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** A failure caused by another; the message already tells what the cause said. */
  public AzcpException(Errno errno, String message, Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /** What a system call would report for this failure. */
  public final Errno errno() {
    return errno;
  }

  /** The errno of any I/O failure: its own for an {@link AzcpException}, else {@code EIO}. */
  public static Errno errnoOf(Throwable failure) {
    return failure instanceof AzcpException e ? e.errno() : Errno.EIO;
  }
}
