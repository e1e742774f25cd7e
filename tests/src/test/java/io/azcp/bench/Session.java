package io.azcp.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Answers one connection's requests until the client closes it. Any credential will do. */
final class Session {
  static final String MODIFIED = "Mon, 02 Jun 2025 10:00:00 GMT";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);
  static final String ETAG = "0x8DDA1B2C3D4E5F6";

  /** Where the counts are told, which are no container. */
  static final String COUNTS = "counts";

  private static final String CHANGED =
      "ETag: \"" + ETAG + "\"\r\nLast-Modified: " + MODIFIED + "\r\n";

  private static final String COPIED =
      "x-ms-copy-id: 1f812371-a41d-49e6-b123-f4b542e851c5\r\nx-ms-copy-status: success\r\n";

  /** Bodies up to this size go out with their heads; copying them costs less than a call. */
  private static final int TOGETHER = 64 << 10;

  private final StandInServer server;
  private final Link link;

  /** With the time of the connection: clients warn of a service whose clock is off. */
  private final String common =
      String.join(
          "\r\n",
          "Server: stand-in",
          "x-ms-request-id: 5a1b2c3d-001e-0042-5e6f-0123456789ab",
          "x-ms-version: 2024-11-04",
          "Date: " + DATE.format(ZonedDateTime.now(ZoneOffset.UTC)),
          "");

  private final byte[] properties =
      (CHANGED
              + "Content-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\n"
              + "x-ms-creation-time: "
              + MODIFIED
              + "\r\nx-ms-lease-status: unlocked\r\nx-ms-lease-state: available\r\n"
              + "x-ms-blob-type: BlockBlob\r\nx-ms-server-encrypted: true\r\n"
              + common
              + "\r\n")
          .getBytes(ISO_8859_1);

  private final ByteBuffer in = ByteBuffer.allocateDirect(TOGETHER).limit(0);
  private final ByteBuffer out = ByteBuffer.allocateDirect(2 * TOGETHER);
  private ByteBuffer waste;

  /** Whether the answer must end with its head; a body would be taken for the next answer. */
  private boolean headOnly;

  Session(StandInServer server, Link link) {
    this.server = server;
    this.link = link;
  }

  void run() throws IOException {
    for (byte[] head = head(); head != null; head = head()) {
      var request = new StandInRequest(head);
      if (request.expectsContinue) {
        link.write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      if (request.chunked) {
        discardChunks();
      } else {
        discard(request.contentLength);
      }
      if (!server.delay().isZero()) {
        LockSupport.parkNanos(server.delay().toNanos());
      }
      headOnly = request.method.equals("HEAD");
      answer(request);
      if (request.closes) {
        return;
      }
    }
  }

  /** The next request's head with its empty line, or null at the end. */
  private byte[] head() throws IOException {
    int scanned = in.position();
    while (true) {
      for (int i = scanned; i + 3 < in.limit(); i++) {
        if (in.get(i) == '\r' && in.get(i + 2) == '\r' && in.get(i + 3) == '\n') {
          var head = new byte[i + 4 - in.position()];
          in.get(head);
          return head;
        }
      }
      scanned = Math.max(0, in.remaining() - 3);
      if (!fill()) {
        return null;
      }
    }
  }

  private boolean fill() throws IOException {
    in.compact();
    int count = link.read(in);
    in.flip();
    return count >= 0;
  }

  private void discard(long length) throws IOException {
    int had = (int) Math.min(length, in.remaining());
    in.position(in.position() + had);
    long left = length - had;
    if (left > 0 && waste == null) {
      waste = ByteBuffer.allocateDirect(4 * TOGETHER);
    }
    while (left > 0) {
      int count = link.read(waste.clear().limit((int) Math.min(left, waste.capacity())));
      if (count < 0) {
        throw new EOFException("an upload ended early");
      }
      left -= count;
    }
  }

  private void discardChunks() throws IOException {
    long size;
    do {
      size = Long.parseLong(line(), 16);
      discard(size + 2);
    } while (size > 0);
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    while (true) {
      if (!in.hasRemaining() && !fill()) {
        throw new EOFException("a chunked upload ended early");
      }
      char c = (char) in.get();
      if (c == '\n') {
        return line.toString().strip();
      }
      line.append(c);
    }
  }

  private void answer(StandInRequest request) throws IOException {
    if (!request.container.equals(COUNTS)) {
      server.countRequest();
    }
    if (request.blob.isEmpty()) {
      answerContainer(request);
    } else if (request.method.equals("PUT")) {
      boolean list = "blocklist".equals(request.parameters().get("comp"));
      server.countWrite(request.container + "/" + request.blob, list ? 0 : request.contentLength);
      if (request.copies) {
        reply("202 Accepted", CHANGED + COPIED, new byte[0]);
      } else {
        reply("201 Created", CHANGED, new byte[0]);
      }
    } else if (request.method.equals("DELETE")) {
      server.countDelete(request.container + "/" + request.blob);
      reply("202 Accepted", "", new byte[0]);
    } else {
      Dataset dataset = Dataset.of(request.container);
      int blob = dataset == null ? -1 : dataset.number(request.blob);
      if (blob < 0) {
        refuse("404 The specified blob does not exist.", "BlobNotFound");
      } else {
        get(request, dataset, blob);
      }
    }
  }

  private void answerContainer(StandInRequest request) throws IOException {
    if (request.container.equals(COUNTS)) {
      reply("200 OK", "", server.counts().getBytes(ISO_8859_1));
      return;
    }
    Dataset dataset = Dataset.of(request.container);
    Map<String, String> query = request.parameters();
    if (!request.method.equals("GET")) {
      reply("201 Created", CHANGED, new byte[0]);
    } else if (dataset == null) {
      refuse("404 The specified container does not exist.", "ContainerNotFound");
    } else if (!"list".equals(query.get("comp"))) {
      reply("200 OK", CHANGED, new byte[0]);
    } else {
      byte[] page = BlobPage.of(dataset, server.digests(), query);
      reply("200 OK", "Content-Type: application/xml\r\n", page);
    }
  }

  private void get(StandInRequest request, Dataset dataset, int blob) throws IOException {
    boolean part = request.first >= 0;
    long from = Math.max(0, request.first);
    long end = request.last < 0 ? dataset.size() : Math.min(dataset.size(), request.last + 1);
    if (from >= end) {
      refuse("416 The range specified is invalid for the current size.", "InvalidRange");
      return;
    }
    long length = request.method.equals("HEAD") ? 0 : end - from;
    server.countBytes(length);
    out.clear();
    append(part ? "HTTP/1.1 206 Partial Content\r\n" : "HTTP/1.1 200 OK\r\n");
    append("Content-Length: " + (end - from) + "\r\n");
    if (part) {
      append("Content-Range: bytes " + from + "-" + (end - 1) + "/" + dataset.size() + "\r\n");
    }
    if (dataset.md5()) {
      append(part ? "x-ms-blob-content-md5: " : "Content-MD5: ");
      append(server.digests().md5(dataset, blob) + "\r\n");
    }
    out.put(properties);
    long place = Pattern.place(blob, dataset.size(), from);
    if (length <= TOGETHER && place + length <= Pattern.LENGTH) {
      out.put(server.pattern().from(place, length));
      link.write(out.flip());
    } else {
      link.write(out.flip());
      link.write(server.pattern(), place, length);
    }
  }

  private void refuse(String status, String code) throws IOException {
    reply(
        status,
        "x-ms-error-code: " + code + "\r\n",
        ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>").getBytes(ISO_8859_1));
  }

  private void reply(String status, String headers, byte[] body) throws IOException {
    out.clear();
    append("HTTP/1.1 " + status + "\r\n" + common + headers);
    append("Content-Length: " + body.length + "\r\n\r\n");
    link.write(out.flip());
    if (!headOnly) {
      link.write(ByteBuffer.wrap(body));
    }
  }

  private void append(String text) {
    out.put(text.getBytes(ISO_8859_1));
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
  }
}
