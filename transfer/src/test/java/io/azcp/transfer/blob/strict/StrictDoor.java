package io.azcp.transfer.blob.strict;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets in who shows a Shared Key signature, an account or service SAS, or the token. Written from
 * the REST API's pages by itself, so that it does not repeat a misunderstanding of the client.
 */
final class StrictDoor {
  private static final long MAX_SKEW_MILLIS = 15 * 60 * 1000;

  private static final String[] STANDARD = {
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range"
  };

  private final String account;
  private final byte[] key;
  private final LongSupplier clock;

  /** The bearer token that is let in; null for none. */
  volatile String token;

  StrictDoor(String account, byte[] key, LongSupplier clock) {
    this.account = account;
    this.key = key;
    this.clock = clock;
  }

  /** Refuses who may not come in. */
  void check(StrictRequest request) throws StrictRefusal {
    String authorization = request.header("authorization");
    if (authorization.startsWith("Bearer ")) {
      if (!authorization.substring(7).equals(token)) {
        throw new StrictRefusal(401, "InvalidAuthenticationInfo");
      }
      checkDate(request);
    } else if (!authorization.isEmpty()) {
      checkDate(request);
      String expected = "SharedKey " + account + ":" + hmac(stringToSign(request));
      if (!authorization.equals(expected)) {
        throw new StrictRefusal(403, "AuthenticationFailed");
      }
    } else if (!request.parameter("sig").isEmpty()) {
      checkSas(request);
    } else {
      throw new StrictRefusal(401, "NoAuthenticationInformation");
    }
  }

  private void checkDate(StrictRequest request) throws StrictRefusal {
    try {
      long date =
          Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(request.header("x-ms-date")))
              .toEpochMilli();
      if (Math.abs(date - clock.getAsLong()) <= MAX_SKEW_MILLIS) {
        return;
      }
    } catch (DateTimeException e) {
      throw new StrictRefusal(403, "AuthenticationFailed");
    }
    throw new StrictRefusal(403, "AuthenticationFailed");
  }

  private String stringToSign(StrictRequest request) {
    StringBuilder text = new StringBuilder(request.method()).append('\n');
    for (String name : STANDARD) {
      String value = request.header(name);
      text.append(name.equals("content-length") && value.equals("0") ? "" : value).append('\n');
    }
    new TreeMap<>(request.headers())
        .forEach(
            (name, value) -> {
              if (name.startsWith("x-ms-")) {
                text.append(name).append(':').append(value).append('\n');
              }
            });
    text.append('/').append(account).append(request.path());
    request
        .parameters()
        .forEach((name, value) -> text.append('\n').append(name).append(':').append(value));
    return text.toString();
  }

  private void checkSas(StrictRequest request) throws StrictRefusal {
    Map<String, String> sas = request.parameters();
    boolean ofAccount = sas.containsKey("srt");
    String text = ofAccount ? accountSas(sas) : serviceSas(request);
    if (!hmac(text).equals(sas.get("sig"))) {
      throw new StrictRefusal(403, "AuthenticationFailed");
    }
    if (Instant.parse(sas.get("se")).toEpochMilli() < clock.getAsLong()) {
      throw new StrictRefusal(403, "AuthenticationFailed");
    }
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!ofAccount && !reads) {
      throw new StrictRefusal(403, "AuthorizationPermissionMismatch");
    }
  }

  private String accountSas(Map<String, String> sas) {
    return String.join(
            "\n",
            account,
            sas.getOrDefault("sp", ""),
            sas.getOrDefault("ss", ""),
            sas.getOrDefault("srt", ""),
            sas.getOrDefault("st", ""),
            sas.getOrDefault("se", ""),
            sas.getOrDefault("sip", ""),
            sas.getOrDefault("spr", ""),
            sas.getOrDefault("sv", ""),
            sas.getOrDefault("ses", ""))
        + "\n";
  }

  private String serviceSas(StrictRequest request) throws StrictRefusal {
    Map<String, String> sas = request.parameters();
    String[] place = request.place();
    String resource = "/blob/" + account + "/" + place[1];
    if (sas.getOrDefault("sr", "").equals("b")) {
      resource += "/" + place[2];
    }
    return String.join(
        "\n",
        sas.getOrDefault("sp", ""),
        sas.getOrDefault("st", ""),
        sas.getOrDefault("se", ""),
        resource,
        "",
        sas.getOrDefault("sip", ""),
        sas.getOrDefault("spr", ""),
        sas.getOrDefault("sv", ""),
        sas.getOrDefault("sr", ""),
        "",
        sas.getOrDefault("ses", ""),
        "",
        "",
        "",
        "",
        "");
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
