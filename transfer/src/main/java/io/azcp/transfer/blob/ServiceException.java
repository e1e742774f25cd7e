package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;

/**
 * The service answered, and refused. The message names the operation, the blob, the service's code
 * and request id, and the remedy where one is known. Failures are told apart by {@link #code()},
 * not by status: only some 409s mean "exists".
 */
public final class ServiceException extends AzcpException {
  private final int status;
  private final String code;
  private final String requestId;
  private final long retryAfterMillis;

  ServiceException(
      Errno errno,
      String message,
      int status,
      String code,
      String requestId,
      long retryAfterMillis) {
    super(errno, message);
    this.retryAfterMillis = retryAfterMillis;
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The service's error code, as BlobNotFound; empty where the answer carried none. */
  public String code() {
    return code;
  }

  /** The service's x-ms-request-id; empty where the answer carried none. */
  public String requestId() {
    return requestId;
  }

  /** How long the service asks to wait before another attempt; −1 where it does not say. */
  long retryAfterMillis() {
    return retryAfterMillis;
  }
}
