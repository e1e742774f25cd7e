package io.azcp.transfer.blob;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server that answers each request without a body with the next of the bytes it was given, as
 * they are, and closes the connection after an answer that ends in {@link #CLOSE}.
 */
final class ScriptedServer implements AutoCloseable {
  static final String CLOSE = "\u0000";

  private final ServerSocket listener;
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  ScriptedServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  void answer(String bytes) {
    answers.add(bytes);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listener.getLocalPort() + "/acct";
  }

  /** The request lines so far. */
  List<String> requests() {
    return requests;
  }

  int connections() {
    return sockets.size();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        requests.add(line);
        while (!line.isEmpty()) {
          line = in.readLine();
        }
        String answer = answers.remove();
        socket.getOutputStream().write(answer.replace(CLOSE, "").getBytes(StandardCharsets.UTF_8));
        if (answer.endsWith(CLOSE)) {
          return;
        }
      }
    } catch (IOException e) {
      // The client had enough.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
