package io.azcp.transfer.blob;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes account SAS tokens for tests ("Create an account SAS", version 2020-12-06 and later). */
public final class SasSigner {
  private static final String VERSION = "2022-11-02";

  private SasSigner() {}

  /**
   * A token for the blob service and all its resource types.
   *
   * @param permissions as {@code rwdlac}
   */
  public static String sign(String account, String key, String permissions, Instant expiry) {
    String end = expiry.truncatedTo(ChronoUnit.SECONDS).toString();
    String text =
        String.join("\n", account, permissions, "b", "sco", "", end, "", "https,http", VERSION, "")
            + "\n";
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
      String signature =
          Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
      return "sv="
          + VERSION
          + "&ss=b&srt=sco&sp="
          + permissions
          + "&se="
          + NameEncoding.query(end)
          + "&spr=https,http&sig="
          + NameEncoding.query(signature);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
