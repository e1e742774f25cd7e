package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.TransportException.Kind;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One request and its answer on one connection. Closing it keeps the connection for the next
 * request when the answer was read to its end, and drops it in every other case.
 */
final class Exchange implements AutoCloseable {
  private final Connections connections;
  private final Connection connection;
  private final HttpRequest request;
  private final RequestLimits limits;
  private long taken;
  private ResponseHead head;
  private ResponseBody body;
  private boolean sentWhole;

  private Exchange(Connections connections, HttpRequest request, Connection connection) {
    this.connections = connections;
    this.request = request;
    this.connection = connection;
    this.limits = connections.options().limits();
  }

  /** Sends the request, once the limits allow it, and reads the head of the answer. */
  static Exchange of(Connections connections, HttpRequest request) throws IOException {
    connections.pause(connections.options().limits().beforeRequest());
    Exchange exchange = new Exchange(connections, request, connections.acquire());
    try {
      exchange.run();
      return exchange;
    } catch (IOException | RuntimeException | Error e) {
      exchange.close();
      throw e;
    }
  }

  ResponseHead head() {
    return head;
  }

  /** The next bytes of the body in a direct buffer that is reused by the next call, or null. */
  ByteBuffer next() throws IOException {
    ByteBuffer piece = body.next();
    if (piece != null) {
      taken += piece.remaining();
      pay(piece.remaining());
    }
    return piece;
  }

  /** Waits until so many bytes of a body may move; the request gets that time back. */
  private void pay(long bytes) throws IOException {
    long nanos = limits.beforeBytes(bytes);
    if (nanos > 0) {
      connection.postpone(nanos);
      connections.pause(nanos);
    }
  }

  /** Reads what is left of the body, which must be little, so that the connection can be kept. */
  void drain() throws IOException {
    while (next() != null) {
      // Each call takes bytes off the wire; nobody wants them.
    }
  }

  private void run() throws IOException {
    connection.begin(request.bodyLength());
    TransportException writeFault = null;
    try {
      send();
      sentWhole = true;
    } catch (TransportException e) {
      writeFault = e;
    }
    readHead(writeFault);
    boolean bodiless = request.headOnly() || head.status() == 204 || head.status() == 304;
    body = ResponseBody.of(connection, head, bodiless);
    long length = Math.max(0, head.contentLength());
    connection.extend(length);
    connections.moves(request.bodyLength() + length);
  }

  private void send() throws IOException {
    ByteBuffer buffer = connection.buffer().clear();
    byte[] start = request.head().getBytes(StandardCharsets.ISO_8859_1);
    if (start.length > buffer.capacity()) {
      throw connection.nonsense("a request head of " + start.length + " bytes");
    }
    buffer.put(start);
    BodySource source = request.body();
    if (source != null && source.file() != null && connection.sendsFiles()) {
      connection.write(buffer.flip());
      sendFile(source);
    } else if (source != null) {
      sendBytes(source, buffer);
    } else {
      connection.write(buffer.flip());
    }
  }

  private void sendFile(BodySource source) throws IOException {
    long sent = 0;
    while (sent < source.length()) {
      long piece = limits.piece(source.length() - sent);
      pay(piece);
      sendPiece(source, sent, sent + piece);
      sent += piece;
    }
  }

  private void sendPiece(BodySource source, long from, long to) throws IOException {
    long sent = from;
    while (sent < to) {
      long n = connection.send(source.file(), source.fileOffset() + sent, to - sent);
      if (n <= 0) {
        throw shortSource(sent);
      }
      sent += n;
    }
  }

  private void sendBytes(BodySource source, ByteBuffer buffer) throws IOException {
    long sent = 0;
    while (sent < source.length()) {
      long left = source.length() - sent;
      if (buffer.remaining() > left) {
        buffer.limit(buffer.position() + (int) left);
      }
      int start = buffer.position();
      if (source.read(sent, buffer) <= 0) {
        throw shortSource(sent);
      }
      sent += buffer.position() - start;
      pay(buffer.position() - start);
      if (!buffer.hasRemaining()) {
        connection.write(buffer.flip());
        buffer.clear();
      }
    }
    if (buffer.position() > 0) {
      connection.write(buffer.flip());
    }
  }

  private AzcpException shortSource(long sent) {
    return new AzcpException(
        Errno.EIO,
        "the source of an upload ended after " + sent + " of " + request.bodyLength() + " bytes");
  }

  /**
   * Reads the head of the answer. After a failed write the service may have said why before it
   * closed; only where it did not, the write's failure counts.
   */
  private void readHead(TransportException writeFault) throws IOException {
    ByteBuffer buffer = connection.buffer().clear().limit(0);
    try {
      do {
        head = readOneHead(buffer);
      } while (head.status() < 200);
    } catch (TransportException e) {
      if (buffer.limit() == 0 && connection.reused() && e.kind() == Kind.BROKEN) {
        throw connection.stale(e);
      }
      throw writeFault == null ? e : writeFault;
    }
    if (writeFault != null && head.status() < 300) {
      throw writeFault;
    }
  }

  private ResponseHead readOneHead(ByteBuffer buffer) throws IOException {
    int end = ResponseHead.end(buffer, buffer.position());
    while (end < 0) {
      int seen = buffer.limit();
      if (seen == buffer.capacity()) {
        throw connection.nonsense("a response head over " + buffer.capacity() + " bytes");
      }
      int position = buffer.position();
      // A first read that is not too long keeps the rest of a large body where it is.
      int room = Math.min(buffer.capacity(), seen + ResponseBody.FIRST_READ);
      buffer.limit(room).position(seen);
      int n;
      try {
        n = connection.read(buffer);
      } finally {
        buffer.limit(buffer.position()).position(position);
      }
      if (n < 0) {
        throw connection.ended("before it answered");
      }
      end = ResponseHead.end(buffer, seen);
    }
    ResponseHead parsed = ResponseHead.parse(buffer, end);
    if (parsed == null) {
      throw connection.nonsense("it does not start as HTTP/1.1 does");
    }
    return parsed;
  }

  @Override
  public void close() {
    if (head != null) {
      connections.moves(head.contentLength() < 0 ? taken : 0);
      limits.ended(head.status(), request.bodyLength() + taken);
    }
    if (sentWhole && body != null && body.finished() && head.keepsAlive()) {
      connections.recycle(connection);
    } else {
      connections.discard(connection);
    }
  }
}
