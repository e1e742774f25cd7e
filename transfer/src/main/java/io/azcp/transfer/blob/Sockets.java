package io.azcp.transfer.blob;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** TCP sockets: opening one within a time, closing one. */
final class Sockets {
  private Sockets() {}

  /** What is told of a channel before it is connected, so that others can close it meanwhile. */
  interface Opening {
    void opened(SocketChannel channel) throws IOException;
  }

  /**
   * Connects to the first address of the host that answers. Resolving the name takes as long as the
   * system's resolver allows.
   */
  static SocketChannel connect(String host, int port, Duration limit, Opening opening)
      throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    long deadline = System.nanoTime() + limit.toNanos();
    IOException last = new ConnectException("no address");
    for (int i = 0; i < addresses.length; i++) {
      long left = (deadline - System.nanoTime()) / 1_000_000 / (addresses.length - i);
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      SocketChannel channel = SocketChannel.open();
      try {
        opening.opened(channel);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        channel.socket().connect(new InetSocketAddress(addresses[i], port), (int) left);
        return channel;
      } catch (IOException e) {
        close(channel);
        last = e;
      }
    }
    throw last;
  }

  /** Closes; what the close of a socket has to say helps nobody. */
  static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(Sockets.class).debug("close of a socket failed", e);
    }
  }
}
