package io.azcp.mpi;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/** The ranks could not do something together. The message names this rank's host. */
public final class CommunicatorException extends AzcpException {
  /** A failure with its one-sentence message. */
  public CommunicatorException(String message) {
    super(Errno.EIO, message);
  }

  /** A failure caused by another, whose text the message already tells. */
  public CommunicatorException(String message, Throwable cause) {
    super(Errno.EIO, message, cause);
  }
}
