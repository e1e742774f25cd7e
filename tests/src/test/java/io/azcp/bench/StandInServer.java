package io.azcp.bench;

import io.azcp.base.Durations;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.KeyManagerFactory;

/**
 * A blob service that costs little and keeps nothing, for measuring clients: virtual containers
 * ({@link Dataset}), any credential, uploads thrown away. One blocking thread a connection. What is
 * right and wrong about a client is told by others; this one only must not be in its way.
 */
final class StandInServer {
  /** Of the key that is made for one run and never leaves it. */
  static final String PASSWORD = "stand-in";

  /** Of more names than this it is not told which were written. */
  private static final int MOST_NAMES = 100_000;

  private final Pattern pattern;
  private final Digests digests;
  private final Duration delay;
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder uploaded = new LongAdder();
  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final Set<String> live = ConcurrentHashMap.newKeySet();

  private StandInServer(Pattern pattern, Duration delay) {
    this.pattern = pattern;
    this.digests = new Digests(pattern);
    this.delay = delay;
  }

  /**
   * Serves http and https on free ports of the loopback interface, or of the address that the
   * property {@code azcp.stand-in.address} names, until its standard input ends. It prints them.
   *
   * @param args a folder on tmpfs, the delay of each answer as {@code 10ms}, and a key store (PKCS
   *     #12) where https is wanted
   */
  public static void main(String[] args) throws IOException, GeneralSecurityException {
    var server = new StandInServer(Pattern.in(Path.of(args[0])), Durations.parse(args[1]));
    int http = server.listen(null);
    System.out.println(http + " " + (args.length > 2 ? server.listen(tls(Path.of(args[2]))) : 0));
    while (System.in.read() >= 0) {
      // Nothing is said; whoever started the server ends it by ending.
    }
    System.exit(0);
  }

  private static SslContext tls(Path keys) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keys)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(store, PASSWORD.toCharArray());
    return SslContextBuilder.forServer(managers).sslProvider(SslProvider.OPENSSL).build();
  }

  /** Listens, and answers the port. */
  private int listen(SslContext tls) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open();
    String address = System.getProperty("azcp.stand-in.address");
    InetAddress place =
        address == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(address);
    listener.bind(new InetSocketAddress(place, 0), 1024);
    start(() -> accept(listener, tls));
    return listener.socket().getLocalPort();
  }

  private void accept(ServerSocketChannel listener, SslContext tls) throws IOException {
    while (true) {
      SocketChannel channel = listener.accept();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      start(
          () -> {
            try (Link link = tls == null ? new PlainLink(channel) : new TlsLink(channel, tls)) {
              new Session(this, link).run();
            }
          });
    }
  }

  /** What a thread does. */
  private interface Task {
    void run() throws IOException;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // A client that ends its connection early is no concern of ours.
                Thread.currentThread().interrupt();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  Pattern pattern() {
    return pattern;
  }

  Digests digests() {
    return digests;
  }

  Duration delay() {
    return delay;
  }

  void countRequest() {
    requests.increment();
  }

  void countBytes(long blobBytes) {
    bytes.add(blobBytes);
  }

  /** Something was written to a blob's name. */
  void countWrite(String blob, long bodyBytes) {
    uploaded.add(bodyBytes);
    if (names.size() < MOST_NAMES) {
      names.add(blob);
      live.add(blob);
    }
  }

  /** A blob was deleted. */
  void countDelete(String blob) {
    live.remove(blob);
  }

  /** What {@link StandIn.Counts} tells. */
  String counts() {
    return String.join(
        " ",
        requests.sum() + "",
        bytes.sum() + "",
        uploaded.sum() + "",
        names.size() + "",
        live.size() + "");
  }
}
