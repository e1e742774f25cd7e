package io.azcp.transfer.blob;

import static io.azcp.transfer.blob.BlobServiceContract.bytes;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
  private static TlsServer early;

  @BeforeAll
  static void start() throws Exception {
    server = TlsServer.start(dir.resolve("a"), "localhost", 0);
    expired = TlsServer.start(dir.resolve("b"), "localhost", -3);
    early = TlsServer.start(dir.resolve("c"), "localhost", 3);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    expired.close();
    early.close();
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
    assertThat(TlsLibrary.choose(ClientOptions.DEFAULT.withBulk(bulk)).now().library())
        .isEqualTo(bulk ? "BoringSSL" : "JDK");
  }

  @Test
  void theJdksIsReplacedOnceMuchHasMoved() throws IOException {
    TlsLibrary library = TlsLibrary.choose(ClientOptions.DEFAULT);
    library.moves(TlsLibrary.MANY);
    assertThat(library.now().library()).isEqualTo("JDK");
    library.moves(1);
    await().atMost(Duration.ofMinutes(1)).until(() -> library.now().library().equals("BoringSSL"));
  }

  /** The kept connection is of the library that was replaced. */
  @Test
  void connectionsAreReplacedOnceMuchHasMoved() throws IOException {
    byte[] content = bytes((int) TlsLibrary.MANY + 1);
    server.clearServerNames();
    try (OpenedService opened = open(server, "localhost", server.certificate(), false)) {
      opened.service().put("c", "many", BodySource.of(content), PutOptions.NONE);
      await()
          .atMost(Duration.ofMinutes(1))
          .until(
              () -> {
                opened.service().head("c", "many");
                return server.serverNames().size() == 2;
              });
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      opened.service().get("c", "many", GetRange.ALL, BlobServiceContract.at(0, out));
      assertThat(out.toByteArray()).isEqualTo(content);
      assertThat(server.serverNames()).containsExactly("localhost", "localhost");
      assertThat(opened.retries().total()).isZero();
    }
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
    refused(
        server,
        "127.0.0.1",
        server.certificate(),
        bulk,
        "its certificate is for another host \\(No subject alternative names matching IP"
            + " address 127.0.0.1 found\\); check the host's name");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUnknownAuthorityIsRefused(boolean bulk) throws IOException {
    String unknown =
        "its certificate is by an authority that is not known here; name the file of the"
            + " authority's certificate with --ca-file or SSL_CERT_FILE";
    refused(server, "localhost", null, bulk, unknown);
    refused(server, "localhost", expired.certificate(), bulk, unknown);
    refused(expired, "localhost", server.certificate(), bulk, unknown);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCertificateOutOfItsTimeIsRefused(boolean bulk) throws IOException {
    refused(
        expired,
        "localhost",
        expired.certificate(),
        bulk,
        "its certificate has expired \\(NotAfter: [^)]+\\); it must be renewed, unless this"
            + " machine's clock is wrong");
    refused(
        early,
        "localhost",
        early.certificate(),
        bulk,
        "its certificate is not valid yet \\(NotBefore: [^)]+\\); check this machine's clock");
  }

  private static void refused(TlsServer to, String host, Path ca, boolean bulk, String why)
      throws IOException {
    try (OpenedService opened = open(to, host, ca, bulk)) {
      String where = "https://" + host + ":" + to.port() + " is not trusted: ";
      assertThatThrownBy(() -> opened.service().head("c", "b"))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> assertThat(e.kind()).isEqualTo(TransportException.Kind.UNTRUSTED))
          .message()
          .matches(where + why);
      assertThat(opened.retries().total()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServerThatSpeaksNoTlsIsNotCalledUntrusted(boolean bulk) throws IOException {
    try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = rude.accept()) {
                  socket.getOutputStream().write("HTTP/1.1 400 No\r\n\r\n".getBytes(US_ASCII));
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  return;
                }
              });
      thread.setDaemon(true);
      thread.start();
      BlobUrl place = BlobUrl.parse("https://localhost:" + rude.getLocalPort() + "/acct", null);
      try (OpenedService opened =
          BlobServices.open(
              place,
              new Credential.Anonymous(),
              ClientOptions.DEFAULT.withBulk(bulk).withMaxRetries(0),
              List.of())) {
        assertThatThrownBy(() -> opened.service().head("c", "b"))
            .hasMessageContaining(" does not agree on TLS: ")
            .hasMessageContaining("check scheme, port and proxy");
      }
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
