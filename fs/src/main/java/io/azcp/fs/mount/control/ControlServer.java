package io.azcp.fs.mount.control;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the control socket of a mount: one thread accepts, one serves each connection, a bounded
 * number of them. A request that cannot be understood is answered with an error, and the connection
 * goes on.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int MOST_CONNECTIONS = 32;
  private static final long JOIN_MILLIS = 2_000;

  private final String path;
  private final ControlHandler handler;
  private final ServerSocketChannel server;
  private final Set<LineChannel> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger numbers = new AtomicInteger();
  private final Thread acceptor;

  /** Binds the socket, readable and writable by its user only, and starts to answer. */
  public ControlServer(String path, ControlHandler handler) throws IOException {
    this.path = path;
    this.handler = handler;
    Files.unlinkIfExists(path);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path));
      Files.chmod(path, 0600);
    } catch (IOException e) {
      server.close();
      throw new AzcpException(
          AzcpException.errnoOf(e),
          "the control socket " + path + " could not be made: " + e.getMessage(),
          e);
    }
    acceptor = new Thread(this::accept, "azcp-control");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        serve(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("a control connection could not be accepted: {}", e.getMessage());
        pause();
      }
    }
  }

  /** Descriptors may be short for a moment; asking again at once would only spin. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel channel) throws IOException {
    LineChannel lines = new LineChannel(channel);
    if (connections.size() >= MOST_CONNECTIONS) {
      try (lines) {
        lines.write(
            error(null, Errno.EAGAIN, "too many control connections").json(),
            Protocol.HEARTBEAT_MILLIS);
      }
      return;
    }
    connections.add(lines);
    Thread thread = new Thread(() -> converse(lines), "azcp-control-" + numbers.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
  }

  private void converse(LineChannel lines) {
    try (lines) {
      String line;
      while ((line = lines.read(Protocol.IDLE_MILLIS)) != null) {
        if (!line.isBlank()) {
          answer(lines, line);
        }
      }
    } catch (IOException e) {
      LOG.debug("a control connection ended: {}", e.getMessage());
    } finally {
      connections.remove(lines);
    }
  }

  private void answer(LineChannel lines, String line) throws IOException {
    Object id = null;
    String op = "";
    Message reply;
    try {
      Message request = Message.parse(line);
      id = request.raw(Protocol.KEY_ID);
      checkVersion(request);
      op = request.text(Protocol.KEY_OP);
      Object told = id;
      Message result =
          handler.handle(op, request, p -> send(lines, reply(told, Protocol.PROGRESS, p)));
      reply = reply(id, Protocol.RESULT, result);
    } catch (IOException e) {
      reply = error(id, AzcpException.errnoOf(e), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a control request failed unexpectedly", e);
      reply = error(id, Errno.EIO, "unexpected: " + e);
    }
    send(lines, reply);
    handler.answered(op);
  }

  private static void checkVersion(Message request) throws AzcpException {
    if (request.number(Protocol.KEY_VERSION) != Protocol.VERSION) {
      throw new AzcpException(
          Errno.EPROTO,
          "version "
              + request.raw(Protocol.KEY_VERSION)
              + " of the protocol is not spoken here, only "
              + Protocol.VERSION);
    }
  }

  private static void send(LineChannel lines, Message reply) throws IOException {
    lines.write(reply.json(), Protocol.SILENCE_MILLIS);
  }

  private static Message reply(Object id, String type, Message body) {
    return Message.empty()
        .with(Protocol.KEY_VERSION, Protocol.VERSION)
        .with(Protocol.KEY_ID, id)
        .with(Protocol.KEY_TYPE, type)
        .with(type, body);
  }

  private static Message error(Object id, Errno errno, String message) {
    return reply(
        id, Protocol.ERROR, Message.empty().with("errno", errno.name()).with("message", message));
  }

  /** Stops answering and removes the socket. Requests under way lose their connection. */
  @Override
  public void close() {
    try {
      // First: whatever the rest meets, nobody finds a socket that is not answered.
      Files.unlinkIfExists(path);
      server.close();
      for (LineChannel lines : connections) {
        lines.close();
      }
    } catch (IOException e) {
      LOG.warn("the control socket was not closed cleanly: {}", e.getMessage());
    }
    try {
      acceptor.join(JOIN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
