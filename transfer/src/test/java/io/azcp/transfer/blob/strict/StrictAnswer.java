package io.azcp.transfer.blob.strict;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * An answer. Documents begin with a byte order mark and are sent in chunks, as the service does.
 */
final class StrictAnswer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int CHUNK = 1000;
  private static final byte[] NOTHING = new byte[0];

  final int status;
  final Map<String, String> headers = new LinkedHashMap<>();
  private byte[] body = NOTHING;
  private boolean chunked;

  StrictAnswer(int status) {
    this.status = status;
    headers.put("x-ms-request-id", UUID.randomUUID().toString());
  }

  static StrictAnswer of(StrictRefusal refusal) {
    StrictAnswer answer = new StrictAnswer(refusal.status);
    answer.headers.put("x-ms-error-code", refusal.code);
    return answer.document("<Error><Code>" + refusal.code + "</Code></Error>");
  }

  static String date(long millis) {
    return DATE.format(Instant.ofEpochMilli(millis));
  }

  /** A header that is left out when it is empty. */
  StrictAnswer with(String name, String value) {
    if (!value.isEmpty()) {
      headers.put(name, value);
    }
    return this;
  }

  StrictAnswer content(byte[] bytes) {
    body = bytes;
    return this;
  }

  StrictAnswer document(String xml) {
    headers.put("Content-Type", "application/xml");
    body =
        ("\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?>" + xml).getBytes(StandardCharsets.UTF_8);
    chunked = true;
    return this;
  }

  /** The head as the answer to a part of a batch. */
  String part() {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " -\r\n");
    headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    return text.append("\r\n").toString();
  }

  void write(OutputStream out, boolean headOnly, long now) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " -\r\n");
    head.append("Date: ").append(date(now)).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (chunked && !headOnly) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (!headers.containsKey("Content-Length")) {
      head.append("Content-Length: ").append(headOnly ? 0 : body.length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!headOnly && chunked) {
      for (int at = 0; at < body.length; at += CHUNK) {
        int size = Math.min(CHUNK, body.length - at);
        out.write((Integer.toHexString(size) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(body, at, size);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
    } else if (!headOnly) {
      out.write(body);
    }
    out.flush();
  }
}
