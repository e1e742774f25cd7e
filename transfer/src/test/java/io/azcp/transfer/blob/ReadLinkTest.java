package io.azcp.transfer.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.data.TemporalUnitWithinOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Links by which others read a blob. */
@Timeout(60)
class ReadLinkTest {
  private static final byte[] LENT =
      "a key that was lent to somebody.".getBytes(StandardCharsets.UTF_8);
  private static final TemporalUnitWithinOffset ABOUT =
      new TemporalUnitWithinOffset(10, java.time.temporal.ChronoUnit.MINUTES);

  @Test
  void aKeySignsForThirtyDaysAndReadingOneBlobOnly() throws IOException {
    AzuriteServer azurite = AzuriteServer.shared();
    String box = "link" + Long.toString(System.nanoTime(), 36);
    ReadLink link;
    try (OpenedService opened =
        BlobServices.open(
            BlobUrl.parse(azurite.endpoint(), null),
            Credential.SharedKey.of(azurite.account(), azurite.key(), "test"),
            ClientOptions.DEFAULT,
            List.of())) {
      opened.service().createContainer(box);
      opened.service().put(box, "d/ü +", BodySource.of(new byte[7]), PutOptions.NONE);
      opened.service().put(box, "other", BodySource.of(new byte[7]), PutOptions.NONE);
      link = opened.service().readLink(box, "d/ü +");
    }
    assertThat(link.until()).isCloseTo(Instant.now().plus(Duration.ofDays(30)), ABOUT);
    assertThat(link.toString()).doesNotContain("sig=");
    BlobUrl place = BlobUrl.parse(link.url(), null);
    try (OpenedService guest = BlobServices.open(place, Map.of(), ClientOptions.DEFAULT)) {
      BlobService service = guest.service();
      assertThat(service.head(box, "d/ü +").length()).isEqualTo(7);
      refused(() -> service.delete(box, "d/ü +", Conditions.NONE));
      refused(() -> service.head(box, "other"));
      refused(() -> service.readLink(box, "d/ü +"));
    }
  }

  private interface Call {
    void run() throws IOException;
  }

  private static void refused(Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
  }

  @Test
  void anIdentitySignsForSevenDaysWithAKeyThatTheServiceLends() throws Exception {
    try (HttpStub imds =
            new HttpStub(
                r -> HttpStub.Answer.of(200, "{\"access_token\":\"t\",\"expires_in\":\"3600\"}"));
        HttpStub service = new HttpStub(ReadLinkTest::lend)) {
      Map<String, String> environment =
          Map.of("AZCOPY_AUTO_LOGIN_TYPE", "MSI", "AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.url());
      ReadLink link;
      try (OpenedService opened =
          BlobServices.open(
              BlobUrl.parse(service.url() + "/acct", null), environment, ClientOptions.DEFAULT)) {
        link = opened.service().readLink("c", "d/b");
      }
      HttpStub.Request asked = service.requests().get(0);
      assertThat(asked.method()).isEqualTo("POST");
      assertThat(asked.parameters())
          .containsEntry("restype", "service")
          .containsEntry("comp", "userdelegationkey");
      assertThat(link.until()).isCloseTo(Instant.now().plus(Duration.ofDays(7)), ABOUT);
      assertThat(asked.body()).contains("<Expiry>" + BlobSas.time(link.until()) + "</Expiry>");
      Map<String, String> signed =
          new HttpStub.Request("GET", link.url(), Map.of(), "").parameters();
      assertThat(signed)
          .containsEntry("sp", "r")
          .containsEntry("sr", "b")
          .containsEntry("skoid", "oid")
          .containsEntry("sktid", "tid")
          .containsEntry("sks", "b");
      assertThat(signed.get("sig")).isEqualTo(signature(signed));
    }
  }

  private static HttpStub.Answer lend(HttpStub.Request request) {
    return HttpStub.Answer.of(
        200,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey><SignedOid>oid</SignedOid>"
            + "<SignedTid>tid</SignedTid><SignedStart>2026-01-01T00:00:00Z</SignedStart>"
            + "<SignedExpiry>2026-01-08T00:00:00Z</SignedExpiry><SignedService>b</SignedService>"
            + "<SignedVersion>2024-11-04</SignedVersion><Value>"
            + Base64.getEncoder().encodeToString(LENT)
            + "</Value></UserDelegationKey>");
  }

  /** The field list of "Create a user delegation SAS", version 2020-12-06, written out. */
  private static String signature(Map<String, String> signed) throws GeneralSecurityException {
    String text =
        "r\n\n"
            + signed.get("se")
            + "\n/blob/acct/c/d/b\noid\ntid\n2026-01-01T00:00:00Z\n2026-01-08T00:00:00Z\nb\n"
            + "2024-11-04\n\n\n\n\n\n"
            + signed.get("sv")
            + "\nb\n\n\n\n\n\n\n";
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(LENT, "HmacSHA256"));
    return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
