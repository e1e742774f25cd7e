package io.azcp.base;

/**
 * What the user typed or wrote in a file cannot be meant. The program ends with exit code {@value
 * #EXIT_CODE} and changes nothing.
 */
public class UsageException extends AzcpException {
  /** The exit code of a usage error. */
  public static final int EXIT_CODE = 2;

  /** A usage error with a one-sentence message that says what is allowed. */
  public UsageException(String message) {
    super(Errno.EINVAL, message);
  }

  /** A usage error found by another failure, whose text the message already tells. */
  public UsageException(String message, Throwable cause) {
    super(Errno.EINVAL, message, cause);
  }
}
