package io.azcp.transfer.blob;

import io.azcp.transfer.identity.TokenHttp;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A small HTTP server on loopback: gives each request to a function, which may block, and sends
 * what that answers. Bodies are texts of a character a byte. A request is in the list before it is
 * answered.
 */
public final class HttpStub implements AutoCloseable {
  private final ServerSocket listener;
  private final Function<Request, Answer> handler;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /**
   * A request.
   *
   * @param target as it was sent, a path with its query or an absolute URL
   * @param headers by lower-case name
   */
  public record Request(String method, String target, Map<String, String> headers, String body) {
    /** A header by its lower-case name, or "". */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }

    /** The target without its query. */
    public String path() {
      return target.replaceAll("\\?.*", "");
    }

    /** The query's or form's parameters, decoded. */
    public Map<String, String> parameters() {
      int question = target.indexOf('?');
      String query = question < 0 ? "" : target.substring(question + 1);
      String form =
          header("content-type").startsWith("application/x-www-form-urlencoded") ? body : "";
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String pair : (query + "&" + form).split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          parameters.put(
              pair.substring(0, equals),
              URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
      return parameters;
    }
  }

  /** An answer; its length is added to its headers. */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** One with a body and no headers. */
    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), body);
    }

    /** The same with another header. */
    public Answer with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Answer(status, more, body);
    }
  }

  /** Starts one on a free port. */
  public HttpStub(Function<Request, Answer> handler) {
    this.handler = handler;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "http-stub");
    thread.setDaemon(true);
    thread.start();
  }

  /** What sends the requests of identities in the program. */
  public static TokenHttp client() {
    return new IdentityHttp(Map.of(), ClientOptions.DEFAULT);
  }

  /** As {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** Its port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** What was asked so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
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
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        Request request = request(line, in);
        requests.add(request);
        send(socket, handler.apply(request), request.method().equals("HEAD"));
      }
    } catch (IOException e) {
      // The client had enough.
    }
  }

  private static Request request(String line, InputStream in) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    String[] words = line.split(" ", -1);
    return new Request(words[0], words[1], headers, body);
  }

  /** A line without its end; empty at the end of the stream, too. */
  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static void send(Socket socket, Answer answer, boolean headOnly) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Stub\r\n");
    answer.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    if (!answer.headers().containsKey("Content-Length")) {
      head.append("Content-Length: ").append(answer.body().length()).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!headOnly) {
      all.write(answer.body().getBytes(StandardCharsets.ISO_8859_1));
    }
    all.writeTo(socket.getOutputStream());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
