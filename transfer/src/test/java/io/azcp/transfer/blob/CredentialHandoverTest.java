package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.strict.StrictServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One process finds the credential, another has none of its own. */
@Timeout(60)
class CredentialHandoverTest {
  private static final Map<String, String> NOTHING = Map.of();
  private static final ClientOptions OPTIONS = ClientOptions.DEFAULT.withMaxRetries(0);

  private static String bearer(String token, long millis) {
    return String.join("\n", "token", token, Long.toString(millis), "managed identity");
  }

  private static CredentialHandover received(String text) throws IOException {
    return CredentialHandover.received(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aKeyServesWhoWasGivenIt() throws Exception {
    try (var server = new StrictServer()) {
      BlobUrl place = BlobUrl.parse(server.endpoint(), null);
      Map<String, String> environment =
          Map.of("AZURE_STORAGE_ACCOUNT", server.account(), "AZURE_STORAGE_KEY", server.key());
      CredentialHandover found = CredentialHandover.find(place, environment, OPTIONS);
      CredentialHandover given = CredentialHandover.received(found.bytes());
      assertThat(given.toString()).contains("(by rank 0)").doesNotContain(server.key());
      assertThat(found.isOutdated()).isFalse();
      try (OpenedService opened = given.open(place, NOTHING, OPTIONS)) {
        opened.service().createContainer("made");
      }
      assertThat(server.blobs().listContainers()).hasSize(1);
    }
  }

  @Test
  void aTokenIsHandedOverAgainBeforeItExpires() throws Exception {
    try (var service = new HttpStub(CredentialHandoverTest::echo)) {
      BlobUrl place = BlobUrl.parse(service.url() + "/acct", null);
      CredentialHandover given = received(bearer("old", 0));
      try (OpenedService opened = given.open(place, NOTHING, OPTIONS)) {
        assertThatThrownBy(() -> opened.service().createContainer("c"))
            .isInstanceOf(AzcpException.class)
            .hasMessageContaining("rank 0 has handed over no other")
            .hasMessageNotContaining("old");
      }
      CredentialHandover second = received(bearer("first", 3_600_000));
      try (OpenedService opened = second.open(place, NOTHING, OPTIONS)) {
        opened.service().createContainer("first");
        second.renew(bearer("next", 3_600_000).getBytes(StandardCharsets.UTF_8));
        // The service refuses the old one now, and the request is sent again with the new one.
        opened.service().createContainer("next");
      }
    }
  }

  /** Lets in who has the token that the container is called by. */
  private static HttpStub.Answer echo(HttpStub.Request request) {
    String token = request.header("authorization").replace("Bearer ", "");
    boolean right = request.path().contains(token);
    return right
        ? HttpStub.Answer.of(201, "").with("ETag", "\"1\"")
        : HttpStub.Answer.of(401, "").with("x-ms-error-code", "InvalidAuthenticationInfo");
  }

  @Test
  void whatIsNoCredentialIsRefused() {
    assertThatThrownBy(() -> received("nonsense")).hasMessageContaining("no credential");
  }
}
