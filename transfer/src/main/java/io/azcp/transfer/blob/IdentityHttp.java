package io.azcp.transfer.blob;

import io.azcp.transfer.identity.TokenHttp;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Carries the requests of identities over a connection of this client, so that proxies, trust and
 * limits of time are those of all other requests. Each request has a connection of its own, and a
 * time for all of it.
 */
final class IdentityHttp implements TokenHttp {
  /** No answer about a token is larger. */
  private static final int LARGEST_BODY = 256 << 10;

  private final Map<String, String> environment;
  private final ClientOptions options;

  IdentityHttp(Map<String, String> environment, ClientOptions options) {
    this.environment = environment;
    this.options = options;
  }

  @Override
  public Answer send(Request request) throws IOException {
    BlobUrl origin = origin(request.url());
    ClientOptions actual =
        options
            .withBulk(false)
            .withLimits(RequestLimits.NONE)
            .withTimeouts(request.limit(), request.limit(), request.limit())
            .withProxy(request.direct() ? null : HttpProxy.of(environment, origin));
    TlsLibrary tls = origin.secure() ? TlsLibrary.choose(actual) : null;
    try (Connections connections = new Connections(origin, actual, tls);
        Deadline deadline = new Deadline(connections, request.limit())) {
      try (Exchange exchange = Exchange.of(connections, request(request, origin, actual))) {
        return new Answer(exchange.head().status(), body(exchange));
      } catch (IOException e) {
        throw deadline.over ? late(origin, request.limit(), e) : e;
      }
    }
  }

  private static TransportException late(BlobUrl origin, Duration limit, IOException cause) {
    String where = origin.scheme() + "://" + origin.authority();
    return new TransportException(
        TransportException.Kind.OVERDUE,
        where + " gave no whole answer within " + limit.toMillis() + " ms",
        cause);
  }

  /** Closes connections once a time is over, in however small parts an answer comes. */
  private static final class Deadline implements AutoCloseable {
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile boolean over;

    Deadline(Connections connections, Duration limit) {
      Thread thread = new Thread(() -> watch(connections, limit), "azcp-token-deadline");
      thread.setDaemon(true);
      thread.start();
    }

    private void watch(Connections connections, Duration limit) {
      try {
        if (!answered.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
          over = true;
          connections.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      answered.countDown();
    }
  }

  /** Where the server is; there is neither account nor container. */
  private static BlobUrl origin(URI url) {
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    String host = url.getHost().replaceAll("[\\[\\]]", "");
    return new BlobUrl(url.getScheme(), host, port, false, "", "", "", "");
  }

  private static HttpRequest request(Request request, BlobUrl origin, ClientOptions options) {
    URI url = request.url();
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(HttpProxy.before(options.proxy(), origin));
    head.append(url.getRawPath().isEmpty() ? "/" : url.getRawPath());
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(origin.authority());
    head.append("\r\nUser-Agent: ").append(options.userAgent());
    head.append("\r\nAccept: application/json\r\nConnection: close\r\n");
    head.append(HttpProxy.header(options.proxy(), origin));
    request.headers().forEach((k, v) -> head.append(k).append(": ").append(v).append("\r\n"));
    BodySource body = null;
    if (!request.form().isEmpty()) {
      body = BodySource.of(request.form().getBytes(StandardCharsets.US_ASCII));
      head.append("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ");
      head.append(body.length()).append("\r\n");
    }
    return new HttpRequest(request.method(), head.append("\r\n").toString(), body);
  }

  private static String body(Exchange exchange) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(LARGEST_BODY);
    for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
      if (piece.remaining() > all.remaining()) {
        break;
      }
      all.put(piece);
    }
    return StandardCharsets.UTF_8.decode(all.flip()).toString();
  }
}
