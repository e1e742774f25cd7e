package io.azcp.transfer.blob;

import java.util.LinkedHashMap;
import java.util.Map;

/** A blob of {@link MemoryBlobService}: its committed state (immutable) and its staged blocks. */
final class StoredBlob {
  /** What was committed; never compared by its bytes. */
  @SuppressWarnings("ArrayRecordComponent")
  record Committed(
      String etag,
      long lastModified,
      byte[] bytes,
      String contentType,
      String contentMd5,
      Map<String, String> metadata,
      Map<String, byte[]> blocks) {

    BlobProperties properties(boolean withMetadata) {
      return new BlobProperties(
          etag,
          bytes.length,
          lastModified,
          contentType,
          contentMd5,
          "BlockBlob",
          "Hot",
          withMetadata ? metadata : Map.of());
    }
  }

  /** Null while only blocks are staged. */
  Committed committed;

  /** Staged and not committed, by Base64 id, in order of arrival. */
  final Map<String, byte[]> staged = new LinkedHashMap<>();
}
