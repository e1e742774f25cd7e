package io.azcp.transfer.blob;

import java.util.Map;

/**
 * What a new blob is given besides its type, MD5 and metadata; empty means the service's default.
 *
 * @param contentEncoding Content-Encoding
 * @param contentLanguage Content-Language
 * @param contentDisposition Content-Disposition
 * @param cacheControl Cache-Control
 * @param tier x-ms-access-tier, as Hot, Cool, Cold or Archive
 * @param tags blob index tags (x-ms-tags)
 */
public record BlobHeaders(
    String contentEncoding,
    String contentLanguage,
    String contentDisposition,
    String cacheControl,
    String tier,
    Map<String, String> tags) {
  /** The service's defaults. */
  public static final BlobHeaders NONE = new BlobHeaders("", "", "", "", "", Map.of());

  /** Makes the tags immutable. */
  public BlobHeaders {
    tags = Map.copyOf(tags);
  }
}
