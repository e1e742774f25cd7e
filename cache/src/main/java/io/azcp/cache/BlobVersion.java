package io.azcp.cache;

/**
 * One version of one blob's content.
 *
 * @param etag entity tag without quotes
 * @param length bytes
 * @param lastModified milliseconds since the epoch
 * @param contentMd5 Base64 MD5 of the content, or empty when unknown
 */
public record BlobVersion(String etag, long length, long lastModified, String contentMd5) {

  /** Whether the content is the same for sure although the ETag may differ. */
  public boolean sameContent(BlobVersion other) {
    return length == other.length
        && (etag.equals(other.etag)
            || (!contentMd5.isEmpty() && contentMd5.equals(other.contentMd5)));
  }
}
