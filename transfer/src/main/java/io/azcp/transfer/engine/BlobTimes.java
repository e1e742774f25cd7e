package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;

/** When blobs were changed, as other times are compared with it; milliseconds since the epoch. */
final class BlobTimes {
  private BlobTimes() {}

  /** As a download gives it to its file: what is kept with the blob, else the service's. */
  static long modified(BlobProperties blob, TransferOptions options) {
    return options.preservePosix() ? PosixAttributes.modified(blob) : blob.lastModified();
  }
}
