package io.azcp.transfer.blob;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Status line and headers of an answer, kept as the bytes that came; headers are searched when they
 * are asked for, since few are.
 */
final class ResponseHead {
  private final byte[] bytes;
  private final int status;

  private ResponseHead(byte[] bytes, int status) {
    this.bytes = bytes;
    this.status = status;
  }

  /**
   * Where the head ends in the buffer: the index after its empty line, or −1 where that has not
   * come yet.
   *
   * @param from index from which on bytes are new
   */
  static int end(ByteBuffer buffer, int from) {
    int limit = buffer.limit();
    for (int i = Math.max(buffer.position(), from - 3); i + 3 < limit; i++) {
      if (buffer.get(i) == '\r'
          && buffer.get(i + 1) == '\n'
          && buffer.get(i + 2) == '\r'
          && buffer.get(i + 3) == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  /** Takes the head out of the buffer; null where it is not the head of an HTTP/1 answer. */
  static ResponseHead parse(ByteBuffer buffer, int end) {
    byte[] bytes = new byte[end - buffer.position()];
    buffer.get(bytes);
    String start = new String(bytes, 0, Math.min(13, bytes.length), StandardCharsets.ISO_8859_1);
    if (!start.matches("HTTP/1\\.[01] [1-9]\\d\\d[ \r]")) {
      return null;
    }
    return new ResponseHead(bytes, Integer.parseInt(start.substring(9, 12)));
  }

  int status() {
    return status;
  }

  /** HTTP/1.0 closes after the answer unless told otherwise. */
  boolean keepsAlive() {
    String connection = header("connection").toLowerCase(Locale.ROOT);
    if (connection.contains("close")) {
      return false;
    }
    return bytes[7] == '1' || connection.contains("keep-alive");
  }

  boolean chunked() {
    return header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** Content-Length; −1 for none, −2 for one that is no number or given twice differently. */
  long contentLength() {
    String value = header("content-length");
    if (value.isEmpty()) {
      return -1;
    }
    for (String each : value.split(",", -1)) {
      if (!each.strip().equals(value.split(",", -1)[0].strip())) {
        return -2;
      }
    }
    return number(value.split(",", -1)[0].strip());
  }

  /** A non-negative decimal number, or −2. */
  static long number(String digits) {
    if (digits.isEmpty() || digits.length() > 18) {
      return -2;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -2;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** A header's value by its lower-case name, its values joined by commas; or "". */
  String header(String name) {
    String found = "";
    for (int line = nextLine(0); line < bytes.length; line = nextLine(line)) {
      int after = line + name.length();
      if (after < bytes.length && bytes[after] == ':' && matches(line, name)) {
        String value = value(after + 1);
        found = found.isEmpty() ? value : found + "," + value;
      }
    }
    return found;
  }

  /** All headers whose names start with a lower-case prefix, which is cut off. */
  Map<String, String> headersBelow(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    for (int line = nextLine(0); line < bytes.length; line = nextLine(line)) {
      if (line + prefix.length() < bytes.length && matches(line, prefix)) {
        int colon = line + prefix.length();
        while (colon < bytes.length && bytes[colon] != ':' && bytes[colon] != '\r') {
          colon++;
        }
        int start = line + prefix.length();
        String key = new String(bytes, start, colon - start, StandardCharsets.ISO_8859_1);
        found.put(key, value(colon + 1));
      }
    }
    return found;
  }

  private boolean matches(int at, String lower) {
    for (int i = 0; i < lower.length(); i++) {
      byte b = bytes[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int nextLine(int from) {
    int i = from;
    while (i < bytes.length && bytes[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private String value(int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != '\r' && bytes[end] != '\n') {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1).strip();
  }
}
