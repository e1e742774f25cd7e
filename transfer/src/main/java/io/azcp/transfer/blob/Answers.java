package io.azcp.transfer.blob;

import java.util.Map;

/** What the headers of answers say. */
final class Answers {
  private static final String META = "x-ms-meta-";

  private Answers() {}

  static String unquoted(String etag) {
    return etag.length() > 1 && etag.startsWith("\"") && etag.endsWith("\"")
        ? etag.substring(1, etag.length() - 1)
        : etag;
  }

  /** All that the answer to Get Blob Properties says. */
  static BlobProperties properties(ResponseHead head) {
    BlobProperties version = version(head);
    return new BlobProperties(
        version.etag(),
        version.length(),
        version.lastModified(),
        version.contentType(),
        version.contentMd5(),
        version.blobType(),
        version.tier(),
        version.metadata(),
        details(head, version.tier()));
  }

  private static BlobDetails details(ResponseHead head, String tier) {
    String copySource = head.header("x-ms-copy-source");
    int query = copySource.indexOf('?');
    return new BlobDetails(
        new BlobHeaders(
            head.header("content-encoding"),
            head.header("content-language"),
            head.header("content-disposition"),
            head.header("cache-control"),
            tier,
            Map.of()),
        HttpDate.parse(head.header("x-ms-creation-time")),
        head.header("x-ms-lease-state"),
        head.header("x-ms-archive-status"),
        head.header("x-ms-copy-status"),
        query < 0 ? copySource : copySource.substring(0, query),
        (int) Math.max(0, ResponseHead.number(head.header("x-ms-tag-count"))));
  }

  /** The properties in the answer to Get Blob; its details cost more than a small file has. */
  static BlobProperties version(ResponseHead head) {
    boolean range = head.status() == 206;
    return new BlobProperties(
        unquoted(head.header("etag")),
        range ? total(head.header("content-range")) : Math.max(0, head.contentLength()),
        HttpDate.parse(head.header("last-modified")),
        head.header("content-type"),
        head.header(range ? "x-ms-blob-content-md5" : "content-md5"),
        head.header("x-ms-blob-type"),
        head.header("x-ms-access-tier"),
        head.headersBelow(META));
  }

  /**
   * The properties after a change: what the answer says, and what was sent.
   *
   * @param length of the blob, −1 where it is not known
   */
  static BlobProperties changed(ResponseHead head, long length, PutOptions sent) {
    String told = head.header("content-md5");
    return new BlobProperties(
        unquoted(head.header("etag")),
        length,
        HttpDate.parse(head.header("last-modified")),
        sent.contentType(),
        sent.contentMd5().isEmpty() ? told : sent.contentMd5(),
        "BlockBlob",
        sent.headers().tier(),
        sent.metadata());
  }

  /** First byte, as {@code bytes 5-9/100} says; −1 where it says nothing. */
  static long rangeStart(String contentRange) {
    int space = contentRange.indexOf(' ');
    int dash = contentRange.indexOf('-');
    return space < 0 || dash < space
        ? -1
        : ResponseHead.number(contentRange.substring(space + 1, dash));
  }

  /** Bytes of the whole, as {@code bytes 5-9/100} says; −1 where it says nothing. */
  static long total(String contentRange) {
    int slash = contentRange.indexOf('/');
    return slash < 0 ? -1 : ResponseHead.number(contentRange.substring(slash + 1));
  }
}
