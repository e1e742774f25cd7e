package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The client against Azurite. Where Azurite 3.35 and the service differ: Azurite sorts listings by
 * UTF-16 and not by UTF-8 bytes, lists every page with a marker of its own form, signs path-style
 * URLs with the account twice, and refuses empty tag values; the contract asks for none of that. It
 * reads no blob from a URL.
 */
class AzuriteBlobServiceTest extends BlobServiceContract {
  private static OpenedService opened;

  @BeforeAll
  static void open() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    opened =
        BlobServices.open(
            BlobUrl.parse(azurite.endpoint(), null),
            Credential.SharedKey.of(azurite.account(), azurite.key(), "test"),
            ClientOptions.DEFAULT,
            List.of());
  }

  @AfterAll
  static void close() {
    opened.close();
  }

  @Override
  BlobService service() {
    return opened.service();
  }

  @Override
  boolean readsFromUrls() {
    return false;
  }

  @Test
  void aSasIsEnough() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    String sas =
        SasSigner.sign(
            azurite.account(), azurite.key(), "rwdlac", Instant.now().plus(Duration.ofHours(1)));
    String box = "sas" + Long.toString(System.nanoTime(), 36);
    try (OpenedService sasService =
        BlobServices.open(
            BlobUrl.parse(azurite.endpoint() + "?" + sas, null), Map.of(), ClientOptions.DEFAULT)) {
      sasService.service().createContainer(box);
      sasService.service().put(box, "sp ace/ü", BodySource.of(new byte[7]), PutOptions.NONE);
      sasService.service().copy(box, "sp ace/ü", null, box, "b", null, Conditions.NONE);
      assertThat(sasService.service().head(box, "b").length()).isEqualTo(7);
      assertThat(sasService.service().account().toString()).doesNotContain("sig");
      assertThat(sasService.service().account().sas()).isEmpty();
    }
  }

  @Test
  void anExpiredSasIsNamed() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    String sas =
        SasSigner.sign(
            azurite.account(), azurite.key(), "rl", Instant.parse("2024-01-02T03:04:05Z"));
    refusedWith("the SAS expired at 2024-01-02T03:04:05Z", azurite.endpoint() + "?" + sas);
  }

  @Test
  void aSasWithoutTheRightIsNamed() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    String sas =
        SasSigner.sign(
            azurite.account(), azurite.key(), "r", Instant.now().plus(Duration.ofHours(1)));
    refusedWith("the SAS or role lacks this permission", azurite.endpoint() + "?" + sas);
  }

  private static void refusedWith(String message, String url) throws IOException {
    try (OpenedService service =
        BlobServices.open(BlobUrl.parse(url, null), Map.of(), ClientOptions.DEFAULT)) {
      assertThatThrownBy(() -> service.service().listContainers())
          .isInstanceOfSatisfying(
              AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES))
          .hasMessageContaining(message)
          .hasMessageNotContaining("sig=");
    }
  }

  @Test
  void aWrongKeyIsNamed() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    try (OpenedService service =
        BlobServices.open(
            BlobUrl.parse(azurite.endpoint(), null),
            Credential.SharedKey.of(azurite.account(), "d3Jvbmc=", "account.yaml"),
            ClientOptions.DEFAULT,
            List.of())) {
      assertThatThrownBy(() -> service.service().listContainers())
          .isInstanceOfSatisfying(
              AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES))
          .hasMessageContaining("check the key of account devstoreaccount1 (account.yaml)");
    }
  }
}
