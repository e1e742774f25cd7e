package io.azcp.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/** Request line and the few headers the stand-in looks at. */
final class StandInRequest {
  final String method;
  final String container;
  final String blob;
  private final String query;
  long contentLength;
  boolean chunked;
  boolean expectsContinue;
  boolean closes;

  /** Whether a blob is to be copied within the service. */
  boolean copies;

  /** The first byte asked for, and the last, each −1 where it is not said. */
  long first = -1;

  long last = -1;

  /** Reads a head that ends with its empty line. */
  StandInRequest(byte[] head) {
    int end = lineEnd(head, 0);
    String line = new String(head, 0, end, ISO_8859_1);
    int space = line.indexOf(' ');
    method = line.substring(0, space);
    String target = line.substring(space + 1, line.lastIndexOf(' '));
    int question = target.indexOf('?');
    query = question < 0 ? "" : target.substring(question + 1);
    String path = question < 0 ? target : target.substring(0, question);
    // The account is the first part of the path.
    int account = path.indexOf('/', 1);
    String below = account < 0 ? "" : path.substring(account + 1);
    int slash = below.indexOf('/');
    container = slash < 0 ? below : below.substring(0, slash);
    blob = slash < 0 ? "" : decoded(below.substring(slash + 1));
    for (int at = end + 2; at < head.length - 2; at = lineEnd(head, at) + 2) {
      header(head, at);
    }
  }

  private static int lineEnd(byte[] head, int from) {
    int i = from;
    while (head[i] != '\r') {
      i++;
    }
    return i;
  }

  private void header(byte[] head, int at) {
    if (is(head, at, "content-length:")) {
      contentLength = Long.parseLong(value(head, at));
    } else if (is(head, at, "range:") || is(head, at, "x-ms-range:")) {
      range(value(head, at));
    } else if (is(head, at, "transfer-encoding:")) {
      chunked = true;
    } else if (is(head, at, "expect:")) {
      expectsContinue = true;
    } else if (is(head, at, "x-ms-copy-source:")) {
      copies = true;
    } else if (is(head, at, "connection:")) {
      closes = value(head, at).equalsIgnoreCase("close");
    }
  }

  private static boolean is(byte[] head, int at, String lower) {
    for (int i = 0; i < lower.length(); i++) {
      int c = head[at + i];
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != lower.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static String value(byte[] head, int at) {
    int colon = at;
    while (head[colon] != ':') {
      colon++;
    }
    return new String(head, colon + 1, lineEnd(head, colon) - colon - 1, ISO_8859_1).strip();
  }

  private void range(String value) {
    int dash = value.indexOf('-');
    first = Long.parseLong(value.substring("bytes=".length(), dash));
    last = dash + 1 < value.length() ? Long.parseLong(value.substring(dash + 1)) : -1;
  }

  private static String decoded(String text) {
    return text.indexOf('%') < 0 ? text : URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  Map<String, String> parameters() {
    var parameters = new HashMap<String, String>();
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals > 0) {
        parameters.put(parameter.substring(0, equals), decoded(parameter.substring(equals + 1)));
      }
    }
    return parameters;
  }
}
