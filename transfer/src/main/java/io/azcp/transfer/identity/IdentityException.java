package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/**
 * No token could be had, so that no request of this process can be made: {@code EACCES}. The
 * message names the identity, what refused it and the remedy, and never holds a secret.
 */
public final class IdentityException extends AzcpException {
  private final boolean absent;

  private IdentityException(String message, boolean absent, Throwable cause) {
    super(Errno.EACCES, message, cause);
    this.absent = absent;
  }

  /** This machine has no such identity; another may be asked. */
  static IdentityException absent(String message) {
    return new IdentityException(message, true, null);
  }

  /** The same, from another failure. */
  static IdentityException absent(String message, Throwable cause) {
    return new IdentityException(message, true, cause);
  }

  /** There is such an identity, and it is refused or set up wrongly. */
  static IdentityException refused(String message) {
    return new IdentityException(message, false, null);
  }

  /** The same, from another failure. */
  static IdentityException refused(String message, Throwable cause) {
    return new IdentityException(message, false, cause);
  }

  boolean absent() {
    return absent;
  }
}
