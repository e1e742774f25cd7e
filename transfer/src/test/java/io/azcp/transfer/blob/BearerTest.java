package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.config.StorageAccount;
import io.azcp.transfer.engine.TransferEvents;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.UploadJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests with a token, against a service that takes only the newest one. */
@Timeout(60)
class BearerTest {
  private static final int THREADS = 64;

  @TempDir private Path dir;

  /** Tokens given so far; the newest is {@code token-N}. */
  private final AtomicInteger given = new AtomicInteger();

  private final AtomicInteger served = new AtomicInteger();

  /** How many requests a token is good for. */
  private volatile int lifeOfAToken = Integer.MAX_VALUE;

  private volatile boolean refusing;
  private final HttpStub imds = new HttpStub(request -> token());
  private final HttpStub service = new HttpStub(this::serve);

  private HttpStub.Answer token() {
    return HttpStub.Answer.of(
        200,
        "{\"access_token\":\"token-" + given.incrementAndGet() + "\",\"expires_in\":\"3600\"}");
  }

  private HttpStub.Answer serve(HttpStub.Request request) {
    String valid = "Bearer token-" + (1 + served.get() / lifeOfAToken);
    if (refusing || !request.header("authorization").equals(valid)) {
      return HttpStub.Answer.of(401, "")
          .with("WWW-Authenticate", "Bearer authorization_uri=https://login.example/some-tenant")
          .with("x-ms-error-code", "InvalidAuthenticationInfo");
    }
    served.incrementAndGet();
    return HttpStub.Answer.of(201, "").with("ETag", "\"1\"");
  }

  @AfterEach
  void stop() throws IOException {
    imds.close();
    service.close();
  }

  private Map<String, String> environment() {
    return Map.of("AZCOPY_AUTO_LOGIN_TYPE", "MSI", "AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.url());
  }

  private OpenedService open() throws IOException {
    BlobUrl place = BlobUrl.parse(service.url() + "/acct", null);
    return BlobServices.open(place, environment(), ClientOptions.DEFAULT.withMaxRetries(0));
  }

  @Test
  void everyRequestCarriesTheToken() throws IOException {
    try (OpenedService opened = open()) {
      assertThat(opened.credentialSource()).isEqualTo("managed identity");
      assertThat(opened.notes()).isEmpty();
      opened.service().createContainer("c");
    }
    assertThat(service.requests().get(0).header("authorization")).isEqualTo("Bearer token-1");
    assertThat(service.requests().get(0).header("x-ms-version")).isNotEmpty();
  }

  @Test
  void aTokenThatExpiresInMidTransferIsRenewedOnceForAllThreads() throws Exception {
    lifeOfAToken = 100;
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (OpenedService opened = open()) {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < 150; i++) {
        String name = "blob" + i;
        puts.add(
            threads.submit(
                () -> {
                  opened.service().putBlock("c", name, "YQ==", BodySource.of(new byte[20_000]));
                  return null;
                }));
      }
      for (Future<?> put : puts) {
        put.get(50, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdown();
    }
    assertThat(served).hasValue(150);
    assertThat(imds.requests()).hasSize(2);
    assertThat(service.requests()).as("some were refused").hasSizeBetween(151, 150 + THREADS);
  }

  @Test
  void aBodyIsSentWholeAgainWithTheNewToken() throws IOException {
    try (OpenedService opened = open()) {
      lifeOfAToken = 1;
      served.set(1);
      opened.service().putBlock("c", "b", "YQ==", BodySource.of(new byte[100_000]));
    }
    assertThat(service.requests()).hasSize(2);
    HttpStub.Request last = service.requests().get(1);
    assertThat(last.header("authorization")).isEqualTo("Bearer token-2");
    assertThat(last.body()).hasSize(100_000);
  }

  @Test
  void aServiceThatRefusesEveryTokenEndsTheJobWithOneMessage() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.writeString(dir.resolve("f" + i), "x");
    }
    refusing = true;
    List<String> told = new CopyOnWriteArrayList<>();
    TransferEvents events =
        new TransferEvents() {
          @Override
          public void failed(String sentence) {
            told.add(sentence);
          }

          @Override
          public void warned(String sentence) {}
        };
    try (OpenedService opened = open()) {
      TransferOptions recursive = TransferOptions.builder().recursive(true).build();
      UploadJob job = new UploadJob(opened.service(), recursive, events, dir, "c", "");
      assertThatThrownBy(job::run)
          .isInstanceOf(ServiceException.class)
          .hasMessageContaining("401 InvalidAuthenticationInfo")
          .hasMessageContaining("check the identity (managed identity)")
          .hasMessageContaining("of the tenant some-tenant");
    }
    assertThat(told).isEmpty();
    assertThat(imds.requests()).hasSizeLessThan(100);
  }

  @Test
  void anIdentityThatIsWithdrawnEndsInOneMessageToo() throws IOException {
    try (OpenedService opened = open()) {
      refusing = true;
      imds.close();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> opened.service().createContainer("c"))
            .isInstanceOf(io.azcp.transfer.identity.IdentityException.class)
            .hasMessageContaining("managed identity");
      }
    }
  }

  @Test
  void anAccountFileMayAskForTheMachinesIdentity() throws IOException {
    StorageAccount account =
        new StorageAccount("a", "a.yaml", "acct", null, null, "c", service.url() + "/acct", true);
    Map<String, String> variables = Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.url());
    try (OpenedService opened = BlobServices.open(account, variables, ClientOptions.DEFAULT)) {
      opened.service().createContainer("c");
      assertThat(opened.credentialSource()).isEqualTo("managed identity");
    }
  }

  @Test
  void manyServicesOfOneProcessAskForOneToken() throws IOException {
    for (int i = 0; i < 3; i++) {
      open().close();
    }
    assertThat(imds.requests()).hasSize(1);
  }

  @Test
  void nothingPrintsTheToken() throws IOException {
    try (OpenedService opened = open()) {
      opened.service().createContainer("c");
      assertThat(opened.toString()).doesNotContain("token-1");
      assertThat(new HttpRequest("GET", "Authorization: Bearer token-1", null).toString())
          .doesNotContain("token-1");
    }
  }
}
