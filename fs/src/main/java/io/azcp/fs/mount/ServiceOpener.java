package io.azcp.fs.mount;

import io.azcp.config.StorageAccount;
import io.azcp.transfer.blob.BlobService;
import java.io.IOException;

/** Makes the connection to an account. Sends nothing by itself. */
@FunctionalInterface
public interface ServiceOpener {
  /** What a service is wanted for. */
  enum Purpose {
    /** Serving a mount or filling a cache: patient, made for many bytes. */
    WORK,
    /** Looking once whether the account answers: no retries, short deadlines. */
    PROBE
  }

  /** Opens an account's service; its caller closes it. */
  BlobService open(StorageAccount account, Purpose purpose) throws IOException;
}
