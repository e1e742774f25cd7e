package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;

/** When blobs were changed, as other times are compared with it; milliseconds since the epoch. */
final class BlobTimes {
  private BlobTimes() {}

  /** As a download gives it to its file: what is kept with the blob, else the service's. */
  static long modified(BlobProperties blob, TransferOptions options) {
    return options.preservePosix() ? PosixAttributes.modified(blob) : blob.lastModified();
  }

  /**
   * By this machine's clock, by which its files were changed; blobs of two services are compared by
   * it, too. A time that is kept with the blob was a file's.
   */
  static long here(BlobProperties blob, TransferOptions options, BlobService service) {
    long modified = modified(blob, options);
    return modified == blob.lastModified() ? modified - service.clockAheadMillis() : modified;
  }
}
