package io.azcp.transfer.blob;

import java.util.LinkedHashMap;
import java.util.Map;

/** A blob of {@link MemoryBlobService}: its committed state (immutable) and its staged blocks. */
final class StoredBlob {
  /**
   * What was committed; never compared by its bytes.
   *
   * @param headers content headers, tier and tags
   * @param copySource URL it was copied from by Copy Blob, or empty
   * @param blocks by Base64 id, in their order; empty where it was made in one piece
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Committed(
      String etag,
      long lastModified,
      long created,
      byte[] bytes,
      String contentType,
      String contentMd5,
      Map<String, String> metadata,
      BlobHeaders headers,
      String copySource,
      Map<String, byte[]> blocks) {

    /** What Get Blob Properties tells. */
    BlobProperties properties() {
      return properties(true, false);
    }

    /** What a listing tells. */
    BlobProperties properties(boolean withMetadata, boolean withTags) {
      BlobHeaders told =
          new BlobHeaders(
              headers.contentEncoding(),
              headers.contentLanguage(),
              headers.contentDisposition(),
              headers.cacheControl(),
              headers.tier(),
              withTags ? headers.tags() : Map.of());
      return new BlobProperties(
          etag,
          bytes.length,
          lastModified,
          contentType,
          contentMd5,
          "BlockBlob",
          headers.tier(),
          withMetadata ? metadata : Map.of(),
          new BlobDetails(
              told,
              created,
              "available",
              "",
              copySource.isEmpty() ? "" : "success",
              copySource,
              headers.tags().size()));
    }

    /** The same content with other properties. */
    Committed with(
        String newEtag,
        long now,
        String type,
        String md5,
        Map<String, String> newMetadata,
        BlobHeaders newHeaders) {
      return new Committed(
          newEtag,
          now,
          created,
          bytes,
          type,
          md5,
          Map.copyOf(newMetadata),
          newHeaders,
          copySource,
          blocks);
    }

    /** The same version in another tier or with other tags, which changes neither ETag nor time. */
    Committed with(BlobHeaders newHeaders) {
      return with(etag, lastModified, contentType, contentMd5, metadata, newHeaders);
    }
  }

  /** Null while only blocks are staged. */
  Committed committed;

  /** Staged and not committed, by Base64 id, in order of arrival. */
  final Map<String, byte[]> staged = new LinkedHashMap<>();
}
