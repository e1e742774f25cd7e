package io.azcp.transfer.blob;

import java.util.HashMap;
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

  /** The properties in the answer to Get Blob or Get Blob Properties. */
  static BlobProperties properties(ResponseHead head) {
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

  /** The properties after a change: what the answer says, and what was sent. */
  static BlobProperties changed(
      ResponseHead head, long length, String contentType, String md5, Map<String, String> sent) {
    String told = head.header("content-md5");
    return new BlobProperties(
        unquoted(head.header("etag")),
        length,
        HttpDate.parse(head.header("last-modified")),
        contentType,
        md5.isEmpty() ? told : md5,
        "BlockBlob",
        "",
        sent == null ? Map.of() : new HashMap<>(sent));
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
