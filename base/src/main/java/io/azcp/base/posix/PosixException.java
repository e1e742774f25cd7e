package io.azcp.base.posix;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/** A system call failed. The message is {@code call subject: what the errno means}. */
public final class PosixException extends AzcpException {
  private final int code;

  PosixException(String call, String subject, int code) {
    super(Errno.of(code), call + " " + subject + ": " + describe(code));
    this.code = code;
  }

  /**
   * None: most of these are answers, as that a name is not there, and a trace costs more than the
   * call. The message names call and subject.
   */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** The raw error number, also for those {@link Errno} does not list. */
  public int code() {
    return code;
  }

  private static String describe(int code) {
    Errno errno = Errno.of(code);
    return errno.code() == code ? errno.text() : "errno " + code;
  }
}
