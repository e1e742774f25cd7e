package io.azcp.transfer.blob.strict;

import io.azcp.transfer.blob.BlobHeaders;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.util.LinkedHashMap;
import java.util.Map;

/** Properties of blobs in headers. */
final class StrictProperties {
  private static final String META = "x-ms-meta-";
  private static final int MAX_METADATA = 8 << 10;

  private StrictProperties() {}

  /** What a request gives a new blob. */
  static PutOptions of(StrictRequest request) throws StrictRefusal {
    return new PutOptions(
        request.header("x-ms-blob-content-type"),
        request.header("x-ms-blob-content-md5"),
        metadata(request),
        new BlobHeaders(
            request.header("x-ms-blob-content-encoding"),
            request.header("x-ms-blob-content-language"),
            request.header("x-ms-blob-content-disposition"),
            request.header("x-ms-blob-cache-control"),
            request.header("x-ms-access-tier"),
            tags(request.header("x-ms-tags"))),
        request.conditions());
  }

  static Map<String, String> metadata(StrictRequest request) throws StrictRefusal {
    Map<String, String> metadata = new LinkedHashMap<>();
    int size = 0;
    for (Map.Entry<String, String> header : request.headers().entrySet()) {
      if (header.getKey().startsWith(META)) {
        String key = request.spellings().get(header.getKey()).substring(META.length());
        metadata.put(key, header.getValue());
        size += key.length() + header.getValue().length();
      }
    }
    if (size > MAX_METADATA) {
      throw new StrictRefusal(400, "MetadataTooLarge");
    }
    return metadata;
  }

  static Map<String, String> tags(String header) throws StrictRefusal {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String tag : header.isEmpty() ? new String[0] : header.split("&", -1)) {
      int equals = tag.indexOf('=');
      if (equals <= 0) {
        throw new StrictRefusal(400, "InvalidHeaderValue");
      }
      tags.put(
          StrictRequest.decoded(tag.substring(0, equals)),
          StrictRequest.decoded(tag.substring(equals + 1)));
    }
    return tags;
  }

  /** What an answer tells of a blob. */
  static void tell(StrictAnswer answer, BlobProperties blob, boolean ranged) {
    BlobHeaders headers = blob.details().headers();
    version(answer, blob)
        .with("Accept-Ranges", "bytes")
        .with("Content-Type", blob.contentType())
        .with(ranged ? "x-ms-blob-content-md5" : "Content-MD5", blob.contentMd5())
        .with("Content-Encoding", headers.contentEncoding())
        .with("Content-Language", headers.contentLanguage())
        .with("Content-Disposition", headers.contentDisposition())
        .with("Cache-Control", headers.cacheControl())
        .with("x-ms-blob-type", blob.blobType())
        .with("x-ms-access-tier", blob.tier())
        .with("x-ms-creation-time", StrictAnswer.date(blob.details().created()))
        .with("x-ms-lease-state", "available")
        .with("x-ms-lease-status", "unlocked");
    if (blob.details().tagCount() > 0) {
      answer.with("x-ms-tag-count", Integer.toString(blob.details().tagCount()));
    }
    blob.metadata().forEach((key, value) -> answer.with(META + key, value));
  }

  /** What the answer to a change tells. */
  static StrictAnswer version(StrictAnswer answer, BlobProperties blob) {
    return answer
        .with("ETag", '"' + blob.etag() + '"')
        .with("Last-Modified", StrictAnswer.date(blob.lastModified()))
        .with("x-ms-version-id", versionId(blob));
  }

  /** A version as accounts with versioning name it; here it only has to differ. */
  static String versionId(BlobProperties blob) {
    return "2026-01-01T00:00:00." + blob.etag().substring(2).replaceAll("[A-F]", "7") + "Z";
  }

  /** The condition on a source. */
  static Conditions ofSource(StrictRequest request) {
    String match = request.header("x-ms-source-if-match");
    return match.isEmpty() ? Conditions.NONE : Conditions.match(StrictRequest.unquoted(match));
  }
}
