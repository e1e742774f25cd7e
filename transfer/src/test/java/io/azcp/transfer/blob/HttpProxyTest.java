package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through proxies, and which requests go through one. */
@Timeout(60)
class HttpProxyTest {
  /** No resolver knows it: only the proxy needs to. */
  private static final String HOST = "acct.blob.azcp-test.invalid";

  @TempDir static Path dir;
  private static TlsServer server;
  private ConnectProxy proxy;

  @BeforeAll
  static void startServer() throws Exception {
    server = TlsServer.start(dir.resolve("a"), HOST, 0);
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void start() throws IOException {
    proxy = new ConnectProxy(server.port());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
  }

  private static OpenedService open(String url, boolean bulk, Map<String, String> environment)
      throws IOException {
    return BlobServices.open(
        BlobUrl.parse(url + "?sig=s", null),
        environment,
        ClientOptions.DEFAULT
            .withBulk(bulk)
            .withMaxRetries(0)
            .withCaFile(server.certificate().toString())
            .withTimeouts(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMinutes(1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void httpsGoesThroughATunnel(boolean bulk) throws IOException {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://me:p%40ss@" + proxy.authority());
    try (OpenedService opened = open("https://" + HOST, bulk, environment)) {
      opened.service().put("c", "b", BodySource.of(new byte[300_000]), PutOptions.NONE);
      assertThat(opened.service().head("c", "b").length()).isEqualTo(300_000);
    }
    String basic = Base64.getEncoder().encodeToString("me:p@ss".getBytes(StandardCharsets.UTF_8));
    assertThat(proxy.requests())
        .allSatisfy(
            head ->
                assertThat(head)
                    .startsWith("CONNECT " + HOST + ":443 HTTP/1.1\r\n")
                    .contains("Proxy-Authorization: Basic " + basic + "\r\n")
                    .doesNotContain("sig="));
    assertThat(proxy.requests()).isNotEmpty();
  }

  @Test
  void httpIsAskedForByItsWholeUrl() throws IOException {
    try (HttpStub plain = new HttpStub(r -> HttpStub.Answer.of(201, "").with("ETag", "\"1\""));
        OpenedService opened =
            open("http://" + HOST, false, Map.of("http_proxy", "u:p@127.0.0.1:" + plain.port()))) {
      opened.service().createContainer("c");
      HttpStub.Request request = plain.requests().get(0);
      assertThat(request.target()).startsWith("http://" + HOST + "/c?restype=container");
      assertThat(request.header("host")).isEqualTo(HOST);
      assertThat(request.header("proxy-authorization")).isEqualTo("Basic dTpw");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 407 Authenticate, give it a name and password",
    "HTTP/1.1 403 Forbidden, refused a connection to acct.blob.azcp-test.invalid with 403",
    "SSH-2.0-OpenSSH, answered something that is no answer"
  })
  void aRefusalOfTheProxyIsTold(String status, String message) throws IOException {
    proxy.answer(status + "\r\n\r\n");
    try (OpenedService opened =
        open(
            "https://" + HOST,
            false,
            Map.of("https_proxy", "http://x:secret@" + proxy.authority()))) {
      assertThatThrownBy(() -> opened.service().createContainer("c"))
          .isInstanceOf(TransportException.class)
          .hasMessageContaining(proxy.authority())
          .hasMessageContaining(message)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws IOException {
    proxy.close();
    try (OpenedService opened =
        open("https://" + HOST, false, Map.of("https_proxy", proxy.authority()))) {
      assertThatThrownBy(() -> opened.service().createContainer("c"))
          .hasMessageContaining("through the proxy " + proxy.authority());
    }
  }

  private static HttpProxy of(String url, String... variables) throws IOException {
    Map<String, String> environment = new java.util.HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    return HttpProxy.of(environment, BlobUrl.parse(url, null));
  }

  @Test
  void theSchemeChoosesTheVariableAndLowerCaseWins() throws IOException {
    String url = "https://a.blob.x.y/c";
    assertThat(of(url, "HTTP_PROXY", "p:1")).isNull();
    assertThat(of(url, "HTTPS_PROXY", "p:1")).hasToString("p:1");
    assertThat(of(url, "HTTPS_PROXY", "p:1", "https_proxy", "http://q/")).hasToString("q:80");
    assertThat(of(url, "HTTPS_PROXY", "p:1", "https_proxy", " ")).hasToString("p:1");
    assertThat(of("http://a.blob.x.y/c", "HTTP_PROXY", "http://[::1]:8080"))
        .hasToString("::1:8080");
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://p:1", "https://p:1", "http://u:secret@:1", "http://p:x"})
  void otherProxiesAreRefusedWithoutShowingThem(String value) {
    assertThatThrownBy(() -> of("https://a.blob.x.y/c", "https_proxy", value))
        .hasMessageContaining("https_proxy")
        .hasMessageContaining("http://HOST:PORT")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:10000/dev/c",
        "http://localhost/dev/c",
        "http://[::1]/dev/c",
        "http://169.254.169.254/dev/c"
      })
  void thisMachineAndTheMetadataServiceAreNeverAskedForThroughOne(String url) throws IOException {
    assertThat(of(url, "HTTP_PROXY", "p:1", "http_proxy", "p:1")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | https://a.blob.x.y/c | true",
        "x.y | https://a.blob.x.y/c | true",
        ".x.y | https://a.blob.x.y/c | true",
        "*.x.y | https://a.blob.x.y/c | true",
        "A.BLOB.X.Y | https://a.blob.x.y/c | true",
        "a.blob.x.y:443 | https://a.blob.x.y/c | true",
        "a.blob.x.y:444 | https://a.blob.x.y/c | false",
        "b.x.y | https://a.blob.x.y/c | false",
        "lob.x.y | https://a.blob.x.y/c | false",
        "other, x.y | https://a.blob.x.y/c | true",
        "10.1.2.3 | http://10.1.2.3/dev/c | true",
        "10.0.0.0/8 | http://10.1.2.3/dev/c | true",
        "10.0.0.0/8 | http://11.1.2.3/dev/c | false",
        "10.1.2.0/23 | http://10.1.3.3/dev/c | true",
        "10.1.2.0/99 | http://10.1.2.3/dev/c | false",
        "fd00::/8 | http://[fd00::1]/dev/c | true",
        "fd00::1 | http://[fd00::1]/dev/c | true",
        "[fd00::1]:81 | http://[fd00::1]:81/dev/c | true",
        "10.0.0.0/8 | https://a.blob.x.y/c | false"
      })
  void noProxyExceptsHosts(String list, String url, boolean excepted) throws IOException {
    HttpProxy used = of(url, "https_proxy", "p:1", "http_proxy", "p:1", "NO_PROXY", list);
    assertThat(used == null).isEqualTo(excepted);
  }

  @Test
  void nothingPrintsThePassword() throws IOException {
    assertThat(of("https://a.blob.x.y/c", "https_proxy", "http://u:secret@p:1").toString())
        .isEqualTo("p:1");
  }
}
