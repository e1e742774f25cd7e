package io.azcp.transfer.blob;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Asks a proxy for a tunnel, through which TLS then goes as if there were no proxy. */
final class Tunnel {
  private static final int LARGEST_ANSWER = 16 << 10;
  private static final int AUTHENTICATION_REQUIRED = 407;

  private Tunnel() {}

  /**
   * Asks, and returns once the tunnel stands.
   *
   * @throws TransportException where the proxy refuses
   */
  static void open(SocketChannel channel, HttpProxy proxy, BlobUrl target) throws IOException {
    ByteBuffer request =
        ByteBuffer.wrap(proxy.connect(target).getBytes(StandardCharsets.ISO_8859_1));
    while (request.hasRemaining()) {
      channel.write(request);
    }
    ResponseHead head = head(channel);
    if (head == null) {
      throw new IOException("the proxy " + proxy + " answered something that is no answer");
    }
    if (head.status() / 100 != 2) {
      throw refused(proxy, target, head.status());
    }
  }

  private static ResponseHead head(SocketChannel channel) throws IOException {
    // One byte at a time: what follows the head belongs to TLS.
    ByteBuffer answer = ByteBuffer.allocate(LARGEST_ANSWER);
    ByteBuffer one = ByteBuffer.allocate(1);
    while (answer.hasRemaining()) {
      if (channel.read(one.clear()) < 0) {
        throw new EOFException("the proxy closed the connection before it answered");
      }
      answer.put(one.flip());
      ByteBuffer seen = answer.duplicate().flip();
      int end = ResponseHead.end(seen, seen.limit() - 1);
      if (end > 0) {
        return ResponseHead.parse(seen, end);
      }
    }
    return null;
  }

  private static TransportException refused(HttpProxy proxy, BlobUrl target, int status) {
    return new TransportException(
        TransportException.Kind.UNREACHABLE,
        "the proxy "
            + proxy
            + " refused a connection to "
            + target.authority()
            + " with "
            + status
            + (status == AUTHENTICATION_REQUIRED
                ? "; give it a name and password, as https_proxy=http://USER:PASSWORD@HOST:PORT"
                : "; ask who runs it, or name the host in no_proxy"),
        null);
  }
}
