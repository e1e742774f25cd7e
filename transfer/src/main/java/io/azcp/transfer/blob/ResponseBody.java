package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The body of an answer, taken off the wire piece by piece in the connection's buffer: of a known
 * length, chunked (RFC 9112, 7.1), or until the connection ends. A body that ends early is a
 * failure.
 */
final class ResponseBody {
  /** Bytes of the first read of an answer; a head has about one thousand. */
  static final int FIRST_READ = 64 << 10;

  private static final int LONGEST_CHUNK_LINE = 1024;

  private enum Framing {
    LENGTH,
    CHUNKED,
    UNTIL_END
  }

  private final Connection connection;
  private final ByteBuffer buffer;
  private final Framing framing;
  private final long length;
  private long left;
  private boolean firstChunk = true;
  private boolean finished;

  private ResponseBody(Connection connection, Framing framing, long length) {
    this.connection = connection;
    this.buffer = connection.buffer();
    this.framing = framing;
    this.length = length;
    this.left = length;
    this.finished = framing == Framing.LENGTH && length == 0;
  }

  /** The body that follows a head; the connection's buffer holds what came with it. */
  static ResponseBody of(Connection connection, ResponseHead head, boolean bodiless)
      throws IOException {
    if (bodiless) {
      return new ResponseBody(connection, Framing.LENGTH, 0);
    }
    if (head.chunked()) {
      return new ResponseBody(connection, Framing.CHUNKED, 0);
    }
    long length = head.contentLength();
    if (length == -2) {
      throw connection.nonsense("its Content-Length is '" + head.header("content-length") + "'");
    }
    return length < 0
        ? new ResponseBody(connection, Framing.UNTIL_END, 0)
        : new ResponseBody(connection, Framing.LENGTH, length);
  }

  /** Whether the whole body was read, and nothing after it. */
  boolean finished() {
    return finished && framing != Framing.UNTIL_END && !buffer.hasRemaining();
  }

  /** The next bytes, at least one, valid until the next call; null at the end. */
  ByteBuffer next() throws IOException {
    if (finished) {
      return null;
    }
    return switch (framing) {
      case LENGTH -> nextOfLength();
      case CHUNKED -> nextOfChunk();
      case UNTIL_END -> nextUntilEnd();
    };
  }

  private ByteBuffer nextOfLength() throws IOException {
    long want = Math.min(left, buffer.capacity());
    if (buffer.remaining() < want) {
      buffer.compact();
      buffer.limit((int) want);
      while (buffer.hasRemaining()) {
        if (connection.read(buffer) < 0) {
          throw connection.ended(
              "after " + (length - left + buffer.position()) + " of " + length + " bytes");
        }
      }
      buffer.flip();
    }
    ByteBuffer piece = take((int) want);
    left -= want;
    finished = left == 0;
    return piece;
  }

  private ByteBuffer nextOfChunk() throws IOException {
    if (left == 0) {
      if (!firstChunk && !line().isEmpty()) {
        throw connection.nonsense("a chunk is longer than it says");
      }
      firstChunk = false;
      left = chunkSize(line());
      if (left == 0) {
        while (!line().isEmpty()) {
          // Trailers say nothing that is wanted.
        }
        finished = true;
        return null;
      }
    }
    if (!buffer.hasRemaining()) {
      more("in a chunked body");
    }
    ByteBuffer piece = take((int) Math.min(left, buffer.remaining()));
    left -= piece.remaining();
    return piece;
  }

  private long chunkSize(String line) throws IOException {
    int end = line.indexOf(';');
    String digits = (end < 0 ? line : line.substring(0, end)).strip();
    if (digits.isEmpty() || digits.length() > 15 || !digits.matches("[0-9a-fA-F]+")) {
      throw connection.nonsense("'" + digits + "' is not the size of a chunk");
    }
    return Long.parseLong(digits, 16);
  }

  private String line() throws IOException {
    int scanned = buffer.position();
    while (true) {
      for (int i = scanned; i < buffer.limit(); i++) {
        if (buffer.get(i) == '\n') {
          byte[] bytes = new byte[i - buffer.position()];
          buffer.get(bytes).get();
          return new String(bytes, StandardCharsets.ISO_8859_1).strip();
        }
      }
      if (buffer.remaining() > LONGEST_CHUNK_LINE) {
        throw connection.nonsense("a chunk's size has no end");
      }
      scanned = buffer.remaining();
      more("in a chunked body");
    }
  }

  private ByteBuffer nextUntilEnd() throws IOException {
    if (!buffer.hasRemaining()) {
      buffer.clear();
      int n = connection.read(buffer);
      buffer.flip();
      if (n < 0) {
        finished = true;
        return null;
      }
    }
    return take(buffer.remaining());
  }

  /** Reads once behind what the buffer holds, which moves to its start. */
  private void more(String where) throws IOException {
    buffer.compact();
    int n = connection.read(buffer);
    buffer.flip();
    if (n < 0) {
      throw connection.ended(where);
    }
  }

  private ByteBuffer take(int bytes) {
    ByteBuffer piece = buffer.duplicate().limit(buffer.position() + bytes);
    buffer.position(buffer.position() + bytes);
    return piece;
  }
}
