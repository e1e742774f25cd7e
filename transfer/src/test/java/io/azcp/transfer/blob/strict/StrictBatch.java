package io.azcp.transfer.blob.strict;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Blob Batch on a container: each part comes through the door and is answered by itself. */
record StrictBatch(StrictDoor door, StrictBlobs blobs) {
  private static final int MAX_PARTS = 256;
  private static final int MAX_BYTES = 4 << 20;
  private static final String ANSWER = "batchresponse_0";

  StrictAnswer handle(StrictRequest request) throws IOException, StrictRefusal {
    String type = request.header("content-type");
    int at = type.indexOf("boundary=");
    if (!type.startsWith("multipart/mixed") || at < 0) {
      throw new StrictRefusal(400, "InvalidHeaderValue");
    }
    if (request.body().length > MAX_BYTES) {
      throw new StrictRefusal(413, "RequestBodyTooLarge");
    }
    String boundary = "--" + type.substring(at + "boundary=".length());
    String[] parts =
        new String(request.body(), StandardCharsets.UTF_8).split(Pattern.quote(boundary), -1);
    // Before the first boundary there is nothing, after the last one "--".
    if (parts.length < 3 || !parts[0].isEmpty() || !parts[parts.length - 1].startsWith("--")) {
      throw new StrictRefusal(400, "InvalidInput");
    }
    if (parts.length - 2 > MAX_PARTS) {
      throw new StrictRefusal(400, "ExceedsMaxBatchRequestCount");
    }
    StringBuilder body = new StringBuilder();
    for (int i = 1; i < parts.length - 1; i++) {
      body.append("--").append(ANSWER).append("\r\n").append(part(parts[i], request));
    }
    body.append("--").append(ANSWER).append("--\r\n");
    return new StrictAnswer(202)
        .with("Content-Type", "multipart/mixed; boundary=" + ANSWER)
        .content(body.toString().getBytes(StandardCharsets.UTF_8));
  }

  private String part(String text, StrictRequest whole) throws IOException, StrictRefusal {
    var in = new ByteArrayInputStream(text.substring(2).getBytes(StandardCharsets.UTF_8));
    String id = "";
    for (String line = StrictRequest.line(in);
        line != null && !line.isEmpty();
        line = StrictRequest.line(in)) {
      if (line.startsWith("Content-ID: ")) {
        id = line;
      }
    }
    StrictRequest part = StrictRequest.head(StrictRequest.line(in), in);
    StrictAnswer answer;
    try {
      if (part.headers().containsKey("x-ms-version") || !part.method().equals("DELETE")) {
        throw new StrictRefusal(400, "InvalidInput");
      }
      if (!part.place()[1].equals(whole.place()[1])) {
        throw new StrictRefusal(400, "InvalidInput");
      }
      door.check(part);
      answer = blobs.handle(part);
    } catch (StrictRefusal e) {
      answer = new StrictAnswer(e.status).with("x-ms-error-code", e.code);
    }
    return "Content-Type: application/http\r\n" + id + "\r\n\r\n" + answer.part();
  }
}
