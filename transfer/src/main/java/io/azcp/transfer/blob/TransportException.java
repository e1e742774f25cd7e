package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/**
 * The service gave no whole answer: it could not be reached, stalled, broke the connection, or sent
 * something that is no answer. Whether the request was executed is then unknown, unless the
 * connection was never made.
 */
public final class TransportException extends AzcpException {
  /** What went wrong. */
  public enum Kind {
    /** No connection was made; the request was not executed. */
    UNREACHABLE,
    /** TLS could not be agreed on, or the certificate is not to be trusted. Never retried. */
    UNTRUSTED,
    /** Nothing came, or not everything, within the time allowed. */
    OVERDUE,
    /** The connection ended before the answer did. */
    BROKEN,
    /** A kept connection was gone: it ended before the answer began. A fresh one may do. */
    STALE,
    /** The answer is not HTTP, or contradicts itself. */
    NONSENSE
  }

  private final Kind kind;

  /** A fault of the connection; the message names the endpoint. */
  public TransportException(Kind kind, String message, Throwable cause) {
    super(errno(kind), message, cause);
    this.kind = kind;
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Whether another attempt may help. */
  public boolean retryable() {
    return kind != Kind.UNTRUSTED;
  }

  private static Errno errno(Kind kind) {
    return switch (kind) {
      case UNREACHABLE -> Errno.EHOSTDOWN;
      case UNTRUSTED -> Errno.EACCES;
      case OVERDUE -> Errno.ETIMEDOUT;
      case BROKEN, STALE, NONSENSE -> Errno.EIO;
    };
  }
}
