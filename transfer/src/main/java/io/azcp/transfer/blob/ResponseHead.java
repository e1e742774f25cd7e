package io.azcp.transfer.blob;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Status line and headers of an answer, kept as the bytes that came. Only where each header starts
 * and how long its name is is noted; values are taken out when they are asked for, since few are.
 */
final class ResponseHead {
  /** {@code HTTP/1.1 200} and one character more. */
  private static final int SHORTEST = 13;

  private static final int USUAL_HEADERS = 24;

  private final byte[] bytes;
  private final int status;
  private final long contentLength;

  /** Where each header starts, and where its name ends. */
  private int[] names = new int[2 * USUAL_HEADERS];

  private int end;

  private ResponseHead(byte[] bytes, int status) {
    this.bytes = bytes;
    this.status = status;
    for (int line = nextLine(0); line < bytes.length; ) {
      int colon = line;
      while (bytes[colon] != ':' && bytes[colon] != '\n') {
        colon++;
      }
      if (bytes[colon] == ':') {
        note(line, colon);
      }
      line = nextLine(colon);
    }
    this.contentLength = length(header("content-length"));
  }

  private void note(int start, int colon) {
    if (end == names.length) {
      names = Arrays.copyOf(names, 2 * end);
    }
    names[end++] = start;
    names[end++] = colon;
  }

  /**
   * Where the head ends in the buffer: the index after its empty line, or −1 where that has not
   * come yet.
   *
   * @param from index from which on bytes are new
   */
  static int end(ByteBuffer buffer, int from) {
    int limit = buffer.limit();
    int i = Math.max(buffer.position(), from - 3) + 3;
    while (i < limit) {
      // Where the end cannot be is stepped over: most bytes are no ends of lines.
      byte b = buffer.get(i);
      if (b == '\n') {
        if (buffer.get(i - 1) == '\r' && buffer.get(i - 2) == '\n' && buffer.get(i - 3) == '\r') {
          return i + 1;
        }
        i += 2;
      } else {
        i += b == '\r' ? 1 : 4;
      }
    }
    return -1;
  }

  /**
   * Takes a head, which ends with an empty line, out of the buffer; null where it is not the head
   * of an HTTP/1 answer.
   */
  static ResponseHead parse(ByteBuffer buffer, int end) {
    byte[] bytes = new byte[end - buffer.position()];
    buffer.get(bytes);
    boolean http =
        bytes.length >= SHORTEST
            && startsWith(bytes, "HTTP/1.")
            && (bytes[7] == '0' || bytes[7] == '1')
            && bytes[8] == ' '
            && (bytes[12] == ' ' || bytes[12] == '\r');
    int status = http ? status(bytes) : -1;
    return status < 0 ? null : new ResponseHead(bytes, status);
  }

  private static boolean startsWith(byte[] bytes, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (bytes[i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The three digits of the status, or −1. */
  private static int status(byte[] bytes) {
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status < 100 ? -1 : status;
  }

  int status() {
    return status;
  }

  /** HTTP/1.0 closes after the answer unless told otherwise. */
  boolean keepsAlive() {
    String connection = header("connection");
    if (connection.isEmpty()) {
      return bytes[7] == '1';
    }
    connection = connection.toLowerCase(Locale.ROOT);
    if (connection.contains("close")) {
      return false;
    }
    return bytes[7] == '1' || connection.contains("keep-alive");
  }

  boolean chunked() {
    String encoding = header("transfer-encoding");
    return !encoding.isEmpty() && encoding.toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** Content-Length; −1 for none, −2 for one that is no number or given twice differently. */
  long contentLength() {
    return contentLength;
  }

  private static long length(String value) {
    if (value.isEmpty()) {
      return -1;
    }
    if (value.indexOf(',') < 0) {
      return number(value);
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
    for (int i = 0; i < end; i += 2) {
      if (names[i + 1] - names[i] == name.length() && matches(names[i], name)) {
        String value = value(names[i + 1] + 1);
        found = found.isEmpty() ? value : found + "," + value;
      }
    }
    return found;
  }

  /** All headers whose names start with a lower-case prefix, which is cut off. */
  Map<String, String> headersBelow(String prefix) {
    Map<String, String> found = null;
    for (int i = 0; i < end; i += 2) {
      int start = names[i] + prefix.length();
      if (start <= names[i + 1] && matches(names[i], prefix)) {
        String key = new String(bytes, start, names[i + 1] - start, StandardCharsets.ISO_8859_1);
        found = found == null ? new LinkedHashMap<>() : found;
        found.put(key, value(names[i + 1] + 1));
      }
    }
    return found == null ? Map.of() : found;
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
    while (bytes[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private String value(int from) {
    int start = from;
    while (bytes[start] == ' ' || bytes[start] == '\t') {
      start++;
    }
    int stop = start;
    while (bytes[stop] != '\r' && bytes[stop] != '\n') {
      stop++;
    }
    while (stop > start && (bytes[stop - 1] == ' ' || bytes[stop - 1] == '\t')) {
      stop--;
    }
    return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }
}
