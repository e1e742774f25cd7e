package io.azcp.transfer.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.HttpStub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of identities, against a server on loopback that speaks for IMDS and Entra ID. */
@Timeout(60)
class IdentitiesTest {
  private static final String TOKEN =
      "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"";

  @TempDir private Path dir;
  private final ConcurrentLinkedQueue<HttpStub.Answer> answers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final HttpStub server = new HttpStub(request -> answers.remove());
  private final Map<String, String> environment = new HashMap<>();

  @AfterEach
  void stop() throws IOException {
    end.countDown();
    server.close();
  }

  private void answer(int status, String body) {
    answers.add(HttpStub.Answer.of(status, body));
  }

  private static String token(String value) {
    return TOKEN + value + "\"}";
  }

  private IdentitiesTest with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  private IdentitiesTest withImds() {
    return with("AZURE_POD_IDENTITY_AUTHORITY_HOST", server.url());
  }

  private IdentitiesTest withWorkload(Path file) {
    return with("AZURE_AUTHORITY_HOST", server.url() + "/")
        .with("AZURE_TENANT_ID", "some-tenant")
        .with("AZURE_CLIENT_ID", "some-client")
        .with("AZURE_FEDERATED_TOKEN_FILE", file.toString());
  }

  /** A command {@code az} that runs these lines, its arguments in {@code $*}. */
  private IdentitiesTest withAz(String... lines) throws IOException {
    Path az = dir.resolve("az");
    Files.writeString(az, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    assertThat(az.toFile().setExecutable(true)).isTrue();
    return with("PATH", dir + ":/usr/bin:/bin");
  }

  private Identities identities(TokenHttp http, Duration probeLimit) {
    return new Identities(
        environment,
        Cloud.PUBLIC,
        new TokenRequest(http, pause -> {}, System::currentTimeMillis),
        probeLimit,
        dir.resolve("vendor"));
  }

  private Identities identities() {
    return identities(HttpStub.client(), Duration.ofSeconds(20));
  }

  private String found() throws IOException {
    return found(identities());
  }

  private static String found(Identities identities) throws IOException {
    Identities.Found found = identities.find("acct");
    if (found instanceof Identities.Found.Token token) {
      return token.token().source() + " " + token.token().value();
    }
    return found instanceof Identities.Found.Key key
        ? "key " + key.key()
        : String.join("; ", ((Identities.Found.Nothing) found).reasons());
  }

  @Test
  void workloadIdentityTradesItsFileForAToken() throws IOException {
    Path file = Files.writeString(dir.resolve("federated"), "from-kubernetes\n");
    answer(200, token("t1"));
    assertThat(withImds().withWorkload(file).found()).isEqualTo("workload identity t1");
    HttpStub.Request request = server.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/some-tenant/oauth2/v2.0/token");
    assertThat(request.parameters())
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("client_id", "some-client")
        .containsEntry("scope", "https://storage.azure.com/.default")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        .containsEntry("client_assertion", "from-kubernetes");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void theFileIsReadAnewForEachToken() throws IOException {
    Path file = Files.writeString(dir.resolve("federated"), "one");
    answer(200, token("t1"));
    answer(200, token("t2"));
    TokenSource source =
        ClientCredentials.federated(
            new TokenRequest(HttpStub.client(), pause -> {}, System::currentTimeMillis),
            server.url(),
            "tenant",
            "client",
            file.toString());
    assertThat(source.fetch().value()).isEqualTo("t1");
    Files.writeString(file, "two");
    assertThat(source.fetch().value()).isEqualTo("t2");
    assertThat(server.requests())
        .extracting(r -> r.parameters().get("client_assertion"))
        .containsExactly("one", "two");
  }

  @Test
  void aRefusedWorkloadIdentityEndsTheSearchWithWhatEntraSays() throws IOException {
    Path file = Files.writeString(dir.resolve("federated"), "secret-assertion");
    answer(
        400,
        "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700016: Application not found"
            + " in the directory.\\r\\nTrace ID: 1\"}");
    withImds().withWorkload(file);
    assertThatThrownBy(this::found)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("workload identity")
        .hasMessageContaining("some-client")
        .hasMessageContaining("AADSTS700016: Application not found in the directory.")
        .hasMessageNotContaining("Trace")
        .hasMessageNotContaining("secret-assertion");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aWorkloadIdentityWithoutItsFileOrTenantSaysSo() {
    withWorkload(dir.resolve("none"));
    assertThatThrownBy(this::found).hasMessageContaining("AZURE_FEDERATED_TOKEN_FILE");
    environment.remove("AZURE_TENANT_ID");
    assertThatThrownBy(this::found).hasMessageContaining("AZURE_TENANT_ID is not set");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aSecretNeverGoesOutInTheClear() throws IOException {
    withWorkload(Files.writeString(dir.resolve("federated"), "x"));
    with("AZURE_AUTHORITY_HOST", "http://login.example.com");
    assertThatThrownBy(this::found).hasMessageContaining("https URL");
  }

  @Test
  void managedIdentityIsAskedAsImdsWantsIt() throws IOException {
    answer(200, "{\"access_token\":\"m1\",\"expires_in\":\"86399\",\"resource\":\"x\"}");
    assertThat(withImds().with("AZURE_CLIENT_ID", "mine").found()).isEqualTo("managed identity m1");
    HttpStub.Request request = server.requests().get(0);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.path()).isEqualTo("/metadata/identity/oauth2/token");
    assertThat(request.header("metadata")).isEqualTo("true");
    assertThat(request.parameters())
        .containsEntry("api-version", "2018-02-01")
        .containsEntry("resource", "https://storage.azure.com/")
        .containsEntry("client_id", "mine");
  }

  @Test
  void aResourceIdChoosesTheIdentityToo() throws IOException {
    answer(200, token("m1"));
    withImds().with("AZURE_MSI_RESOURCE_ID", "/subscriptions/1/x y").found();
    assertThat(server.requests().get(0).parameters())
        .containsEntry("msi_res_id", "/subscriptions/1/x y");
  }

  @Test
  void appServiceTellsItsOwnAddress() throws IOException {
    answer(
        200,
        "{\"access_token\":\"a1\",\"expires_on\":\""
            + (System.currentTimeMillis() / 1000 + 3600)
            + "\"}");
    with("IDENTITY_ENDPOINT", server.url() + "/msi/token").with("IDENTITY_HEADER", "hush");
    assertThat(with("AZURE_MSI_RESOURCE_ID", "/r").found()).isEqualTo("managed identity a1");
    HttpStub.Request request = server.requests().get(0);
    assertThat(request.path()).isEqualTo("/msi/token");
    assertThat(request.header("x-identity-header")).isEqualTo("hush");
    assertThat(request.parameters())
        .containsEntry("api-version", "2019-08-01")
        .containsEntry("mi_res_id", "/r");
  }

  @Test
  void severalIdentitiesAreAnErrorThatSaysWhatToSet() {
    answer(
        400,
        "{\"error\":\"invalid_request\",\"error_description\":\"Multiple user assigned identities"
            + " exist, please specify the clientId / resourceId of the identity in the token"
            + " request\"}");
    withImds();
    assertThatThrownBy(this::found)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("set AZURE_CLIENT_ID");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | no such page",
        "400 | {\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}",
        "403 | <html>some other cloud</html>",
        "401 | ''"
      })
  void withoutAManagedIdentityTheNextIsAsked(int status, String body) throws IOException {
    answer(status, body);
    withImds().withAz("echo '{\"accessToken\":\"z1\",\"expires_on\":99999999999}'");
    assertThat(found()).isEqualTo("az CLI z1");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void whatMayPassIsAskedAgain() throws IOException {
    answer(410, "");
    answer(500, "{\"error\":\"server_error\"}");
    answer(200, token("m1"));
    assertThat(withImds().found()).isEqualTo("managed identity m1");
    assertThat(server.requests()).hasSize(3);
  }

  @Test
  void anImdsThatNeverAnswersIsGivenUpAfterItsTime() throws IOException {
    try (HttpStub silent =
        new HttpStub(
            request -> {
              awaitEnd();
              return HttpStub.Answer.of(200, token("late"));
            })) {
      with("AZURE_POD_IDENTITY_AUTHORITY_HOST", silent.url());
      assertThat(found(identities(HttpStub.client(), Duration.ofMillis(300))))
          .contains("managed identity: ")
          .contains("az CLI: there is no az command");
    }
  }

  /** Each part comes in time; all of them do not. */
  @Test
  void anImdsThatAnswersInPartsIsGivenUpAfterItsTimeToo() throws Exception {
    Duration limit = Duration.ofSeconds(1);
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + token("late").length() + "\r\n\r\n";
    try (ServerSocket slow = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (Socket socket = slow.accept()) {
                  socket.getInputStream().read();
                  for (String part : new String[] {head, token("late")}) {
                    // Not before the parts together have taken too long.
                    end.await(limit.toMillis() * 3 / 4, TimeUnit.MILLISECONDS);
                    socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
                  }
                } catch (IOException | InterruptedException e) {
                  return;
                }
              });
      server.setDaemon(true);
      server.start();
      with("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:" + slow.getLocalPort());
      assertThat(found(identities(HttpStub.client(), limit)))
          .contains("gave no whole answer within")
          .contains("az CLI: there is no az command");
    }
  }

  @Test
  void whatMayPassIsNotWaitedForBeyondTheTime() throws IOException {
    List<Duration> limits = new ArrayList<>();
    TokenHttp http =
        request -> {
          limits.add(request.limit());
          return new TokenHttp.Answer(500, "{\"error\":\"server_error\"}");
        };
    // The pause alone would take all of it.
    Duration limit = Duration.ofSeconds(1);
    withImds();
    assertThat(found(identities(http, limit))).contains("answered 500 (server_error)");
    assertThat(limits).hasSize(1).allMatch(left -> left.compareTo(limit) <= 0);
  }

  private void awaitEnd() {
    try {
      assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void nobodyAnswersWhereThereIsNoImds() throws IOException {
    server.close();
    assertThat(withImds().found()).contains("managed identity: http://127.0.0.1");
  }

  @Test
  void aMachineThatMicrosoftDidNotMakeIsNotAsked() throws IOException {
    List<String> asked = new ArrayList<>();
    TokenHttp http =
        request -> {
          asked.add(request.url().getHost());
          return new TokenHttp.Answer(404, "");
        };
    Files.writeString(dir.resolve("vendor"), "Amazon EC2\n");
    assertThat(found(identities(http, Duration.ofSeconds(20)))).contains("is not in Azure");
    assertThat(asked).isEmpty();
    Files.writeString(dir.resolve("vendor"), "Microsoft Corporation\n");
    assertThat(found(identities(http, Duration.ofSeconds(20)))).contains("answered 404");
    assertThat(asked).containsExactly("169.254.169.254");
  }

  @Test
  void theLoginOfAzIsAskedForTheStorageResource() throws IOException {
    with("AZURE_TENANT_ID", "mine");
    withAz(
        "printf '%s\\n' \"$*\" >> " + dir.resolve("log"),
        "echo 'WARNING: chatter' >&2",
        "echo '{\"accessToken\":\"z1\",\"expiresOn\":\"2099-01-01 10:00:00.000000\"}'");
    Files.writeString(dir.resolve("vendor"), "QEMU");
    assertThat(found()).isEqualTo("az CLI z1");
    assertThat(Files.readAllLines(dir.resolve("log")))
        .containsExactly(
            "account get-access-token --resource https://storage.azure.com/ --tenant mine"
                + " --output json");
  }

  @Test
  void withoutATokenAzIsAskedForTheKeyOfEachAccountOnce() throws IOException {
    Files.writeString(dir.resolve("vendor"), "QEMU");
    withAz(
        "printf '%s\\n' \"$*\" >> " + dir.resolve("log"),
        "case $1 in account) echo 'ERROR: no token' >&2; exit 1;; esac",
        "echo '[{\"keyName\":\"key1\",\"value\":\"'$6'\"}]'");
    Identities identities = identities();
    assertThat(found(identities)).isEqualTo("key acct");
    assertThat(found(identities)).isEqualTo("key acct");
    assertThat(Files.readAllLines(dir.resolve("log"))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1",
        "echo \"ERROR: Please run 'az login' to setup account.\" >&2; echo trace >&2; exit 3"
      })
  void whyAzRefusesIsSaid(String script) throws IOException {
    Files.writeString(dir.resolve("vendor"), "QEMU");
    assertThat(withAz(script).found())
        .endsWith("az CLI: ERROR: Please run 'az login' to setup account.");
  }

  @Test
  void anAzThatDoesNotEndIsEnded() throws IOException {
    withAz("exec sleep 300");
    AzureCli cli = new AzureCli(environment, Duration.ofMillis(300), System::currentTimeMillis);
    assertThatThrownBy(cli::fetch)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("did not end");
  }

  @Test
  void azMayPrintMuchOnStandardError() throws IOException {
    withAz(
        "head -c 300000 /dev/zero >&2",
        "echo '{\"accessToken\":\"z1\",\"expires_on\":99999999999}'");
    AzureCli cli = new AzureCli(environment, Duration.ofSeconds(50), System::currentTimeMillis);
    assertThat(cli.fetch().value()).isEqualTo("z1");
  }

  @Test
  void anAnswerThatIsNoTokenIsNotTakenForOne() {
    for (String body :
        List.of(
            "[]",
            "{}",
            "{\"access_token\":\"x\"}",
            "{\"access_token\":\"a b\",\"expires_in\":9}")) {
      answer(200, body);
      withImds();
      assertThatThrownBy(this::found)
          .isInstanceOf(IdentityException.class)
          .hasMessageContaining("holds no token");
    }
  }

  @Test
  void anIdentityThatIsNamedIsTheOnlyOneAsked() throws IOException {
    answer(404, "");
    withImds().withAz("echo '{\"accessToken\":\"z1\",\"expires_on\":99999999999}'");
    with(Identities.LOGIN_TYPE, "msi");
    assertThatThrownBy(this::found)
        .isInstanceOf(IdentityException.class)
        .hasMessageContaining("answered 404")
        .hasMessageContaining("AZCOPY_AUTO_LOGIN_TYPE=MSI");
    with(Identities.LOGIN_TYPE, "AZCLI");
    assertThat(found()).isEqualTo("az CLI z1");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aServicePrincipalProvesItselfByItsSecret() throws IOException {
    answer(200, token("s1"));
    with(Identities.LOGIN_TYPE, "SPN");
    with("AZCOPY_ACTIVE_DIRECTORY_ENDPOINT", server.url());
    with("AZCOPY_TENANT_ID", "t").with("AZCOPY_SPA_APPLICATION_ID", "app");
    assertThatThrownBy(this::found).hasMessageContaining("AZCOPY_SPA_CLIENT_SECRET is not set");
    assertThat(with("AZCOPY_SPA_CLIENT_SECRET", "s&cret").found())
        .isEqualTo("service principal s1");
    assertThat(server.requests().get(0).parameters())
        .containsEntry("client_id", "app")
        .containsEntry("client_secret", "s&cret");
  }

  @Test
  void otherLoginTypesAreNamedWithWhatThereIs() {
    with(Identities.LOGIN_TYPE, "DEVICE");
    assertThatThrownBy(this::found).hasMessageContaining("AZCLI, MSI, WORKLOAD or SPN");
  }

  @Test
  void oneProcessAsksOnce() throws IOException {
    answer(200, token("m1"));
    Identities identities = withImds().identities();
    assertThat(found(identities)).isEqualTo("managed identity m1");
    assertThat(found(identities)).isEqualTo("managed identity m1");
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "acct.blob.core.windows.net, PUBLIC",
    "acct.z01.blob.storage.azure.net, PUBLIC",
    "acct.blob.core.usgovcloudapi.net, US_GOVERNMENT",
    "acct.blob.core.chinacloudapi.cn, CHINA",
    "acct.blob.core.windows.net.example.com, ",
    "core.windows.net, ",
    "127.0.0.1, "
  })
  void theSuffixTellsTheCloud(String host, Cloud cloud) {
    assertThat(Cloud.of(host).orElse(null)).isEqualTo(cloud);
  }

  @Test
  void nothingPrintsASecret() {
    assertThat(new Identities.Found.Key("secret").toString()).doesNotContain("secret");
    assertThat(new CommandOutput(0, "secret", "secret").toString()).doesNotContain("secret");
    assertThat(new TokenHttp.Answer(200, "secret").toString()).doesNotContain("secret");
    assertThat(
            new TokenHttp.Request(
                    "POST",
                    java.net.URI.create("https://h/p?client_secret=secret"),
                    Map.of("h", "secret"),
                    "secret",
                    Duration.ZERO,
                    true)
                .toString())
        .doesNotContain("secret");
  }
}
