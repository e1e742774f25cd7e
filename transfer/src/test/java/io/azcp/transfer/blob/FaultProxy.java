package io.azcp.transfer.blob;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A loopback proxy between the client under test and a plain-http server. It writes down every
 * request and does to chosen ones what networks and services do: cut a body, stall, answer 503,
 * lose an answer. Thread-safe.
 */
public final class FaultProxy implements AutoCloseable {
  /**
   * A request that passed, with what was given for it.
   *
   * @param method HTTP method
   * @param path decoded path, account and container included
   * @param query the query as it came
   * @param range value of the range header, or ""
   * @param status of the answer, 0 while or when there was none
   * @param offset first byte of the body of a get within its blob
   * @param bytes bytes of the answer's body that were passed on
   */
  public record Request(
      String method, String path, String query, String range, int status, long offset, long bytes) {
    /** Whether this asks for the content of a blob whose path ends so. */
    public boolean gets(String nameEnd) {
      return method.equals("GET") && !query.contains("comp=") && path.endsWith("/" + nameEnd);
    }
  }

  /** What the proxy does to a request. */
  public enum Kind {
    /** Passes a number of bytes of the answer's body, then closes. */
    CUT,
    /** Passes the request and an answer's head that has a body, then nothing more. */
    STALL,
    /** Resets the connection; the server never sees the request. */
    RESET,
    /** Answers itself; the server never sees the request. */
    ANSWER,
    /** Passes the request, waits for the whole answer, and closes. */
    DROP_ANSWER,
    /** Answers itself as soon as the head is in, and closes without reading the body. */
    EARLY_ANSWER,
    /** Passes the head and half of the request's body, then closes both sides. */
    CUT_REQUEST
  }

  /**
   * A fault.
   *
   * @param bytes of the body to pass, for CUT
   * @param status of the proxy's own answer
   * @param code the answer's x-ms-error-code
   * @param headers further header lines of the answer, each ended by CR LF
   */
  public record Fault(Kind kind, long bytes, int status, String code, String headers) {
    /** The body breaks off after so many bytes. */
    public static Fault cut(long bytes) {
      return new Fault(Kind.CUT, bytes, 0, "", "");
    }

    /** The request breaks off in the middle of its body. */
    public static Fault cutRequest() {
      return new Fault(Kind.CUT_REQUEST, 0, 0, "", "");
    }

    /** The connection is reset. */
    public static Fault reset() {
      return new Fault(Kind.RESET, 0, 0, "", "");
    }

    /** Nothing comes after the head. */
    public static Fault stall() {
      return new Fault(Kind.STALL, 0, 0, "", "");
    }

    /** The service is busy. */
    public static Fault busy() {
      return answer(503, "ServerBusy", "");
    }

    /** Any answer. */
    public static Fault answer(int status, String code, String headers) {
      return new Fault(Kind.ANSWER, 0, status, code, headers);
    }

    /** An answer before the request's body was read. */
    public static Fault early(int status, String code) {
      return new Fault(Kind.EARLY_ANSWER, 0, status, code, "");
    }

    /** The request is executed, and the answer lost. */
    public static Fault dropAnswer() {
      return new Fault(Kind.DROP_ANSWER, 0, 0, "", "");
    }
  }

  private record Pending(Predicate<Request> which, Fault fault) {}

  private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final InetSocketAddress server;
  private final String path;
  private final int port;
  private final List<Request> requests = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private Function<Request, Fault> weather = request -> null;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Requests that came and are not written down yet; a client may have its answer before that. */
  private int underWay;

  private ServerSocket listener;
  private Thread acceptor;

  private FaultProxy(InetSocketAddress server, String path) throws IOException {
    this.server = server;
    this.path = path;
    listener = new ServerSocket();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    port = listener.getLocalPort();
    start(listener);
  }

  /** A proxy to a server, which forwards everything until it is told otherwise. */
  public static FaultProxy to(String endpoint) {
    try {
      BlobUrl url = BlobUrl.parse(endpoint, null);
      return new FaultProxy(new InetSocketAddress(url.host(), url.port()), url.encodedPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server's URL through this proxy. */
  public String endpoint() {
    return "http://127.0.0.1:" + port + path;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  private void start(ServerSocket on) {
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                try {
                  Socket client = on.accept();
                  sockets.add(client);
                  Thread serving =
                      new Thread(() -> new ProxiedConnection(this, client).serve(), "fault-proxy");
                  serving.setDaemon(true);
                  serving.start();
                } catch (IOException e) {
                  return;
                }
              }
            },
            "fault-proxy-accept");
    thread.setDaemon(true);
    thread.start();
    acceptor = thread;
  }

  /** The service is down: no connection is taken, those there are break. */
  public synchronized void refuse() {
    stopListening();
    breakConnections();
  }

  /** The kernel listens on until the thread that waits in accept has left it. */
  private void stopListening() {
    closeQuietly(listener);
    try {
      acceptor.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The service is back, on the same port. */
  public synchronized void forward() {
    if (!listener.isClosed()) {
      return;
    }
    try {
      listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      start(listener);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes all connections; new ones are taken. */
  public void breakConnections() {
    for (Socket socket : sockets) {
      closeQuietly(socket);
    }
    sockets.clear();
  }

  /** The next request that matches, and that no earlier fault takes, meets this fault. */
  public synchronized void next(Predicate<Request> which, Fault fault) {
    pending.add(new Pending(which, fault));
  }

  /** The next requests, so many, that match. */
  public void next(int count, Predicate<Request> which, Fault fault) {
    for (int i = 0; i < count; i++) {
      next(which, fault);
    }
  }

  /** What every request meets from now on that none of the single faults takes; null for none. */
  public synchronized void always(Function<Request, Fault> chooser) {
    weather = chooser;
  }

  /** Faults that no request has met yet. */
  public synchronized int pendingFaults() {
    return pending.size();
  }

  /**
   * All requests so far, in the order in which they were finished. Those under way are waited for,
   * up to half a minute; those that a fault stalls are not.
   */
  public synchronized List<Request> requests() {
    long end = System.nanoTime() + SETTLE_NANOS;
    try {
      for (long left = SETTLE_NANOS; underWay > 0 && left > 0; left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public synchronized void clearRequests() {
    requests.clear();
  }

  /** Bytes of content passed on for blobs whose path ends so. */
  public long bytesFetched(String nameEnd) {
    return requests().stream().filter(r -> r.gets(nameEnd)).mapToLong(Request::bytes).sum();
  }

  /**
   * Pairs of requests that were given some of the same bytes of a blob, as text; empty for none.
   */
  public List<String> overlappingRanges(String nameEnd) {
    List<Request> gets = requests().stream().filter(r -> r.gets(nameEnd) && r.bytes() > 0).toList();
    List<String> overlaps = new ArrayList<>();
    for (int i = 0; i < gets.size(); i++) {
      for (int j = i + 1; j < gets.size(); j++) {
        Request a = gets.get(i);
        Request b = gets.get(j);
        if (a.offset() < b.offset() + b.bytes() && b.offset() < a.offset() + a.bytes()) {
          overlaps.add(a.offset() + "+" + a.bytes() + " and " + b.offset() + "+" + b.bytes());
        }
      }
    }
    return overlaps;
  }

  synchronized Fault faultOf(Request request) {
    for (Pending p : pending) {
      if (p.which().test(request)) {
        pending.remove(p);
        return p.fault();
      }
    }
    return weather.apply(request);
  }

  synchronized void record(Request request) {
    requests.add(request);
  }

  synchronized void began() {
    underWay++;
  }

  synchronized void ended() {
    underWay--;
    notifyAll();
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(server, 10_000);
    socket.setTcpNoDelay(true);
    sockets.add(socket);
    return socket;
  }

  void forget(Socket socket) {
    closeQuietly(socket);
    sockets.remove(socket);
  }

  void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      throw new IllegalStateException("a socket of the proxy did not close", e);
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    stopListening();
    breakConnections();
  }
}
