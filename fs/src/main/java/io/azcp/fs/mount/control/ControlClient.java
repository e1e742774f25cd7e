package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/** A connection to a running mount. Used by one thread. */
public final class ControlClient implements AutoCloseable {
  private final LineChannel lines;
  private long id;

  private ControlClient(LineChannel lines) {
    this.lines = lines;
  }

  /** Connects; {@code ENOTCONN} when nobody serves the socket. */
  public static ControlClient connect(String socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return new ControlClient(new LineChannel(channel));
    } catch (IOException e) {
      channel.close();
      throw new AzcpException(Errno.ENOTCONN, "no mount answers at " + socket, e);
    }
  }

  /** Takes progress lines. */
  @FunctionalInterface
  public interface ProgressLine {
    /** Ignores them. */
    ProgressLine NONE = p -> {};

    /** One line; an exception ends the call, and the server stops working on the request. */
    void line(Message progress) throws IOException;
  }

  /**
   * Sends a request and waits for its result.
   *
   * @param arguments the request's own keys
   */
  public Message call(String op, Message arguments, ProgressLine progress) throws IOException {
    long now = ++id;
    Message request =
        arguments
            .with(Protocol.KEY_VERSION, Protocol.VERSION)
            .with(Protocol.KEY_ID, now)
            .with(Protocol.KEY_OP, op);
    lines.write(request.json(), Protocol.SILENCE_MILLIS);
    while (true) {
      String line = lines.read(Protocol.SILENCE_MILLIS);
      if (line == null) {
        throw new AzcpException(
            Errno.ENOTCONN, "the mount's daemon ended before it had answered '" + op + "'");
      }
      Message reply = Message.parse(line);
      switch (reply.text(Protocol.KEY_TYPE)) {
        case Protocol.PROGRESS -> progress.line(reply.object(Protocol.PROGRESS));
        case Protocol.RESULT -> {
          return reply.object(Protocol.RESULT);
        }
        default -> throw refused(reply.object(Protocol.ERROR));
      }
    }
  }

  private static AzcpException refused(Message error) throws AzcpException {
    Errno errno;
    try {
      errno = Errno.valueOf(error.text("errno"));
    } catch (IllegalArgumentException e) {
      errno = Errno.EIO;
    }
    return new AzcpException(errno, error.text("message"));
  }

  /** Waits until the daemon has closed the connection, as it does when it ends. */
  public boolean awaitEnd(long timeoutMillis) throws IOException {
    try {
      return lines.read(timeoutMillis) == null;
    } catch (AzcpException e) {
      if (e.errno() == Errno.ETIMEDOUT) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
