package io.azcp.transfer.blob;

import java.util.Map;

/**
 * What a new blob carries besides its bytes.
 *
 * @param contentType Content-Type, or empty for the service's default
 * @param contentMd5 Base64 MD5 of the whole content to store with it, or empty
 * @param metadata user metadata
 * @param headers further headers, tier and tags
 * @param conditions when the service must refuse
 */
public record PutOptions(
    String contentType,
    String contentMd5,
    Map<String, String> metadata,
    BlobHeaders headers,
    Conditions conditions) {
  /** No type, no MD5, no metadata, no condition. */
  public static final PutOptions NONE = new PutOptions("", "", Map.of(), Conditions.NONE);

  /** Makes the metadata immutable. */
  public PutOptions {
    metadata = Map.copyOf(metadata);
  }

  /** Without further headers. */
  public PutOptions(
      String contentType, String contentMd5, Map<String, String> metadata, Conditions conditions) {
    this(contentType, contentMd5, metadata, BlobHeaders.NONE, conditions);
  }

  /** The same with an MD5. */
  public PutOptions withMd5(String base64) {
    return new PutOptions(contentType, base64, metadata, headers, conditions);
  }
}
