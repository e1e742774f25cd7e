package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Rate;
import io.azcp.transfer.limit.RequestLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That requests wait for their limits. Only that they take long enough is told by a clock. */
@Timeout(60)
class LimitedRequestsTest {
  private static final String BODY = "x".repeat(64 << 10);

  private ScriptedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new ScriptedServer();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private HttpBlobService service(RequestLimits limits) throws IOException {
    return new HttpBlobService(
        BlobUrl.parse(server.endpoint(), null),
        new Credential.Anonymous(),
        ClientOptions.DEFAULT.withLimits(limits));
  }

  private static String answer(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static void get(BlobService service) throws IOException {
    service.get("c", "b", GetRange.ALL, (offset, data) -> data.position(data.limit()));
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void bytesOfAnswersAreHeldToTheRate() throws IOException {
    try (var service = service(RequestLimits.of(8, new Rate(640 << 10), 0))) {
      server.answer(answer(BODY));
      server.answer(answer(BODY));
      long start = System.nanoTime();
      get(service);
      get(service);
      assertThat(millisSince(start)).isGreaterThanOrEqualTo(200);
    }
  }

  @Test
  void requestsAreHeldToTheirRate() throws IOException {
    try (var service = service(RequestLimits.of(8, null, 20))) {
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        server.answer(answer("x"));
        get(service);
      }
      assertThat(millisSince(start)).isGreaterThanOrEqualTo(250);
    }
  }

  @Test
  void whoWaitsForALimitIsFreedWhenTheServiceIsClosed() throws Exception {
    var service = service(RequestLimits.of(8, new Rate(1), 0));
    server.answer(answer(BODY));
    CompletableFuture<Void> got =
        CompletableFuture.runAsync(
            () -> {
              try {
                get(service);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> server.connections() == 1);
    service.close();
    assertThatThrownBy(() -> got.get(30, TimeUnit.SECONDS))
        .rootCause()
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
  }

  @Test
  void refusalsForLoadReachTheController() throws IOException {
    RequestLimits limits = RequestLimits.of(8, null, 0);
    assertThat(limits.concurrency()).isEqualTo(8);
    try (var service = service(limits)) {
      long start = System.nanoTime();
      while (limits.concurrency() == 8 && millisSince(start) < 30_000) {
        server.answer("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
        assertThatThrownBy(() -> get(service)).isInstanceOf(ServiceException.class);
      }
    }
    assertThat(limits.concurrency()).isEqualTo(4);
  }
}
