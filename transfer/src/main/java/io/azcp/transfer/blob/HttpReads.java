package io.azcp.transfer.blob;

import io.azcp.transfer.blob.TransportException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Get Blob. */
record HttpReads(HttpCalls calls) {

  BlobProperties get(String container, String name, GetRange range, BodySink sink)
      throws IOException {
    Conditions conditions = new Conditions(range.ifMatch(), null);
    if (range.length() == 0) {
      BlobProperties properties = calls.head(container, name, conditions);
      sink.begin(properties);
      return properties;
    }
    RequestBuilder request = calls.request("GET", container, name).conditions(conditions);
    boolean ranged = range.offset() > 0 || range.length() > 0;
    if (ranged) {
      String end = range.length() < 0 ? "" : Long.toString(range.offset() + range.length() - 1);
      request.header("x-ms-range", "bytes=" + range.offset() + "-" + end);
    }
    String subject = HttpCalls.subject(container, name);
    try (Exchange exchange = calls.exchange(request, "get", subject)) {
      return receive(exchange, subject, range, sink);
    }
  }

  /** Hands the body on, and believes nothing that does not fit the range asked for. */
  private static BlobProperties receive(
      Exchange exchange, String subject, GetRange range, BodySink sink) throws IOException {
    ResponseHead head = exchange.head();
    BlobProperties properties = Answers.version(head);
    long end = properties.length();
    if (range.length() > 0) {
      end = Math.min(end, range.offset() + range.length());
    }
    if (head.status() == 206 && end >= 0 && range.offset() >= end) {
      // Azurite answers a range that starts at the very end with nothing.
      throw ServiceErrors.of(
          "get", subject, 416, "InvalidRange", head.header("x-ms-request-id"), "");
    }
    long start = head.status() == 206 ? Answers.rangeStart(head.header("content-range")) : 0;
    if (start != range.offset() || head.contentLength() != end - start) {
      throw new TransportException(
          Kind.NONSENSE,
          "get "
              + subject
              + ": the service answered other bytes than were asked for (status "
              + head.status()
              + ", "
              + head.header("content-range")
              + ", Content-Length "
              + head.header("content-length")
              + ")",
          null);
    }
    sink.begin(properties);
    long at = start;
    for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
      int bytes = piece.remaining();
      sink.accept(at, piece);
      at += bytes;
    }
    return properties;
  }
}
