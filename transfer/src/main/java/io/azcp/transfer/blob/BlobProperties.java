package io.azcp.transfer.blob;

import java.util.Map;

/**
 * What the service tells of a blob.
 *
 * @param etag entity tag without quotes
 * @param length bytes of the whole blob, also in the answer to a range; −1 after a Put Block List,
 *     Copy or Set Metadata that a stranger's change followed at once
 * @param lastModified milliseconds since the epoch (the service's clock, whole seconds)
 * @param contentType Content-Type, or empty
 * @param contentMd5 Base64 MD5 of the whole content, or empty when the service knows none
 * @param blobType BlockBlob, PageBlob or AppendBlob; empty when the answer did not say
 * @param tier access tier as Hot or Archive, or empty
 * @param metadata user metadata, keys as sent; empty when not asked for
 * @param details what only some answers tell
 */
public record BlobProperties(
    String etag,
    long length,
    long lastModified,
    String contentType,
    String contentMd5,
    String blobType,
    String tier,
    Map<String, String> metadata,
    BlobDetails details) {

  /** Makes the metadata immutable. */
  public BlobProperties {
    metadata = Map.copyOf(metadata);
  }

  /** Without details. */
  public BlobProperties(
      String etag,
      long length,
      long lastModified,
      String contentType,
      String contentMd5,
      String blobType,
      String tier,
      Map<String, String> metadata) {
    this(
        etag,
        length,
        lastModified,
        contentType,
        contentMd5,
        blobType,
        tier,
        metadata,
        BlobDetails.NONE);
  }

  /** Metadata key by which AzCopy, blobfuse2 and the service mark a directory. */
  public static final String IS_FOLDER = "hdi_isfolder";

  /** Whether this blob stands for a directory. */
  public boolean isFolder() {
    return "true".equalsIgnoreCase(metadataValue(IS_FOLDER));
  }

  /** A metadata value by key in any case (the service keeps case but compares without); or "". */
  public String metadataValue(String key) {
    String exact = metadata.get(key);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, String> e : metadata.entrySet()) {
      if (e.getKey().equalsIgnoreCase(key)) {
        return e.getValue();
      }
    }
    return "";
  }
}
