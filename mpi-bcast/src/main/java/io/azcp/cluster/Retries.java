package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.TransportException;
import java.io.IOException;

/** Whether what failed on one rank may go well on another. */
final class Retries {
  private Retries() {}

  /** Whether no answer came at all. */
  static boolean isOutOfReach(IOException reason) {
    return reason instanceof TransportException;
  }

  /** Whether another rank should try. What the service has refused it refuses to others as well. */
  static boolean mayHelp(IOException reason) {
    return switch (AzcpException.errnoOf(reason)) {
      case ENOENT, ESTALE, EACCES, EPERM, EINVAL, EROFS -> false;
      default -> true;
    };
  }
}
