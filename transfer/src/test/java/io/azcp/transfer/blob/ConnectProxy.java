package io.azcp.transfer.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A proxy on loopback that answers CONNECT as it is told to and, where that is 200, leads every
 * tunnel to one port, whatever host was asked for.
 */
final class ConnectProxy implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final Thread accepting;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile String answer = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";

  ConnectProxy(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.accepting = daemon(this::accept);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "connect-proxy");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Answers with these bytes from now on. */
  void answer(String bytes) {
    answer = bytes;
  }

  String authority() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /** The heads of what it was asked, each in the list before its answer. */
  List<String> requests() {
    return requests;
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        if (listener.isClosed()) {
          // It came while the listener was being closed.
          socket.close();
          return;
        }
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      requests.add(head(client.getInputStream()));
      String bytes = answer;
      client.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      if (bytes.startsWith("HTTP/1.1 200")) {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
          sockets.add(server);
          daemon(() -> pass(server, client));
          pass(client, server);
        }
      }
    } catch (IOException e) {
      // Either side had enough.
    }
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new IOException("the client left");
      }
      head.write(b);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Either side had enough.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    try {
      // Until its thread is out of the call, the kernel goes on accepting.
      accepting.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
