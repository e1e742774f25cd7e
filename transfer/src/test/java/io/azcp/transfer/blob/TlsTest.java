package io.azcp.transfer.blob;

import static io.azcp.transfer.blob.BlobServiceContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS to a server of the test's own, with both libraries. */
@Timeout(300)
class TlsTest {
  @TempDir static Path dir;
  private static TlsServer server;
  private static TlsServer expired;

  @BeforeAll
  static void start() throws Exception {
    server = TlsServer.start(dir.resolve("a"), "localhost", 0);
    expired = TlsServer.start(dir.resolve("b"), "localhost", -3);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    expired.close();
  }

  private static OpenedService open(TlsServer to, String host, Path ca, boolean bulk)
      throws IOException {
    return BlobServices.open(
        BlobUrl.parse("https://" + host + ":" + to.port() + "/acct", null),
        new Credential.Anonymous(),
        ClientOptions.DEFAULT
            .withBulk(bulk)
            .withCaFile(ca == null ? null : ca.toString())
            .withTimeouts(Duration.ofSeconds(30), Duration.ofMinutes(1), Duration.ofMinutes(1)),
        List.of());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theLibraryIsTheOneAskedFor(boolean bulk) throws IOException {
    assertThat(TlsLibrary.choose(ClientOptions.DEFAULT.withBulk(bulk)).library())
        .isEqualTo(bulk ? "BoringSSL" : "JDK");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesGoBothWays(boolean bulk) throws IOException {
    byte[] content = bytes(3_000_001);
    try (OpenedService opened = open(server, "localhost", server.certificate(), bulk)) {
      for (int i = 0; i < 3; i++) {
        String name = "blob" + i;
        opened.service().put("c", name, BodySource.of(content), PutOptions.NONE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        opened.service().get("c", name, GetRange.ALL, BlobServiceContract.at(0, out));
        assertThat(out.toByteArray()).isEqualTo(content);
        assertThat(opened.service().head("c", name).length()).isEqualTo(content.length);
      }
      assertThat(opened.retries().total()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theHostIsNamedToTheServer(boolean bulk) throws IOException {
    server.clearServerNames();
    try (OpenedService opened = open(server, "localhost", server.certificate(), bulk)) {
      opened.service().put("c", "b", BodySource.of(new byte[1]), PutOptions.NONE);
    }
    assertThat(server.serverNames()).containsExactly("localhost");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherHostsCertificateIsRefused(boolean bulk) throws IOException {
    refused(server, "127.0.0.1", server.certificate(), bulk);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUnknownAuthorityIsRefused(boolean bulk) throws IOException {
    refused(server, "localhost", null, bulk);
    refused(server, "localhost", expired.certificate(), bulk);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExpiredCertificateIsRefused(boolean bulk) throws IOException {
    refused(expired, "localhost", expired.certificate(), bulk);
  }

  private static void refused(TlsServer to, String host, Path ca, boolean bulk) throws IOException {
    try (OpenedService opened = open(to, host, ca, bulk)) {
      assertThatThrownBy(() -> opened.service().head("c", "b"))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.UNTRUSTED))
          .hasMessageStartingWith("https://" + host + ":" + to.port() + " is not trusted: ")
          .hasMessageContaining("--ca-file")
          .hasMessageNotContaining("\n");
      assertThat(opened.retries().total()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theVariableNamesTheAuthoritiesToo(boolean bulk) throws IOException {
    BlobUrl place = BlobUrl.parse("https://localhost:" + server.port() + "/acct?sig=s", null);
    Map<String, String> environment = Map.of("SSL_CERT_FILE", server.certificate().toString());
    try (OpenedService opened =
        BlobServices.open(place, environment, ClientOptions.DEFAULT.withBulk(bulk))) {
      opened.service().put("c", "b", BodySource.of(new byte[1]), PutOptions.NONE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/no/such/file.pem", "/dev/null"})
  void anAuthorityFileThatCannotBeUsedIsNamed(String file) {
    assertThatThrownBy(() -> open(server, "localhost", Path.of(file), false))
        .hasMessageContaining(file)
        .hasMessageContaining("cannot be used");
  }
}
