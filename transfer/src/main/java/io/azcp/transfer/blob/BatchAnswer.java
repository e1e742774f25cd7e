package io.azcp.transfer.blob;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The multipart/mixed answer to a Blob Batch. */
final class BatchAnswer {
  /** The answer to one part. */
  record Part(int status, String code, String requestId) {}

  private static final String STATUS_LINE = "HTTP/1.1 ";

  private BatchAnswer() {}

  /**
   * The answers by Content-ID. What is not understood is left out, so that nobody takes it for a
   * success. The first line is the boundary.
   */
  static Map<Integer, Part> read(String body) {
    Map<Integer, Part> parts = new HashMap<>();
    String start = body.stripLeading();
    int end = start.indexOf('\n');
    if (!start.startsWith("--") || end < 0) {
      return parts;
    }
    String boundary = start.substring(0, end).strip();
    for (String part : start.substring(end).split(java.util.regex.Pattern.quote(boundary), -1)) {
      read(part, parts);
    }
    return parts;
  }

  private static void read(String text, Map<Integer, Part> parts) {
    int id = -1;
    int status = -1;
    String code = "";
    String requestId = "";
    for (String line : text.split("\r?\n", -1)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (status < 0 && lower.startsWith("content-id:")) {
        id = (int) ResponseHead.number(value(line));
      } else if (status < 0 && line.startsWith(STATUS_LINE)) {
        int from = STATUS_LINE.length();
        status = (int) ResponseHead.number(line.substring(from, Math.min(line.length(), from + 3)));
      } else if (lower.startsWith("x-ms-error-code:")) {
        code = value(line);
      } else if (lower.startsWith("x-ms-request-id:")) {
        requestId = value(line);
      }
    }
    if (id >= 0 && status >= 200) {
      parts.put(id, new Part(status, code, requestId));
    }
  }

  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }
}
