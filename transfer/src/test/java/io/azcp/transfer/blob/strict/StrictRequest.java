package io.azcp.transfer.blob.strict;

import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request as it came.
 *
 * @param path as on the wire, without query
 * @param query the query as on the wire
 * @param parameters the query's, decoded once, by lower-case name
 * @param headers by lower-case name
 * @param spellings names of the headers as they came
 */
@SuppressWarnings("ArrayRecordComponent")
record StrictRequest(
    String method,
    String path,
    String query,
    Map<String, String> parameters,
    Map<String, String> headers,
    Map<String, String> spellings,
    byte[] body) {
  private static final int LONGEST_HEAD = 64 << 10;
  private static final int LARGEST_BODY = 64 << 20;

  /** The next request of a connection; null where it ended before one began. */
  static StrictRequest read(InputStream in) throws IOException, StrictRefusal {
    String start = line(in);
    if (start == null) {
      return null;
    }
    StrictRequest head = head(start, in);
    String length = head.header("content-length");
    boolean hasBody = head.method.equals("PUT") || head.method.equals("POST");
    if (hasBody && length.isEmpty()) {
      throw new StrictRefusal(411, "MissingContentLengthHeader");
    }
    int count = length.isEmpty() ? 0 : Integer.parseInt(length);
    if (count > LARGEST_BODY) {
      throw new StrictRefusal(413, "RequestBodyTooLarge");
    }
    byte[] body = in.readNBytes(count);
    if (body.length < count) {
      throw new EOFException("a body of " + body.length + " of " + count + " bytes");
    }
    return head.withBody(body);
  }

  /** A head from its first line on; used for the parts of a batch, too. */
  static StrictRequest head(String start, InputStream in) throws IOException, StrictRefusal {
    String[] parts = start.split(" ", -1);
    if (parts.length != 3 || !parts[2].equals("HTTP/1.1") || !parts[1].startsWith("/")) {
      throw new StrictRefusal(400, "InvalidUri");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    Map<String, String> spellings = new LinkedHashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      if (headers.put(name, line.substring(colon + 1).strip()) != null) {
        throw new StrictRefusal(400, "InvalidHeaderValue");
      }
      spellings.put(name, line.substring(0, colon));
    }
    int mark = parts[1].indexOf('?');
    String query = mark < 0 ? "" : parts[1].substring(mark + 1);
    String path = mark < 0 ? parts[1] : parts[1].substring(0, mark);
    return new StrictRequest(
        parts[0], path, query, parameters(query), headers, spellings, new byte[0]);
  }

  private StrictRequest withBody(byte[] bytes) {
    return new StrictRequest(method, path, query, parameters, headers, spellings, bytes);
  }

  private static Map<String, String> parameters(String query) throws StrictRefusal {
    Map<String, String> parameters = new TreeMap<>();
    for (String each : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = each.indexOf('=');
      if (equals < 0) {
        throw new StrictRefusal(400, "InvalidQueryParameterValue");
      }
      parameters.put(
          each.substring(0, equals).toLowerCase(Locale.ROOT), decoded(each.substring(equals + 1)));
    }
    return parameters;
  }

  static String decoded(String text) throws StrictRefusal {
    try {
      return NameEncoding.decode(text);
    } catch (IllegalArgumentException e) {
      throw new StrictRefusal(400, "InvalidUri");
    }
  }

  /** A line without its end; null at the end of the stream. */
  static String line(InputStream in) throws IOException {
    var line = new java.io.ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
      if (line.size() > LONGEST_HEAD) {
        throw new IOException("a line without end");
      }
    }
    return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The path's parts: account, container, name; decoded, the last two may be empty. */
  String[] place() throws StrictRefusal {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c > '~' || "\"<>\\^`{|}#".indexOf(c) >= 0) {
        throw new StrictRefusal(400, "InvalidUri");
      }
    }
    String[] parts = path.substring(1).split("/", 3);
    String[] place = {"", "", ""};
    for (int i = 0; i < parts.length; i++) {
      place[i] = decoded(parts[i]);
    }
    return place;
  }

  Conditions conditions() {
    String match = header("if-match");
    String noneMatch = header("if-none-match");
    return new Conditions(
        match.isEmpty() ? null : unquoted(match), noneMatch.isEmpty() ? null : noneMatch);
  }

  static String unquoted(String etag) {
    return etag.replace("\"", "");
  }
}
