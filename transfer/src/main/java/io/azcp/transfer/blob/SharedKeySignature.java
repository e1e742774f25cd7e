package io.azcp.transfer.blob;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The Authorization header of Shared Key, as "Authorize with Shared Key" of the Storage REST API
 * has it for version 2015-02-21 and later.
 */
final class SharedKeySignature {
  private static final String ALGORITHM = "HmacSHA256";

  /** Standard headers whose values are signed, in order, each on a line of its own. */
  private static final String[] SIGNED = {
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
  private final ThreadLocal<Mac> macs;

  SharedKeySignature(Credential.SharedKey credential) {
    this.account = credential.account();
    SecretKeySpec key = new SecretKeySpec(credential.key(), ALGORITHM);
    this.macs = ThreadLocal.withInitial(() -> mac(key));
  }

  private static Mac mac(SecretKeySpec key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /**
   * The header's value.
   *
   * @param path as on the wire; a path-style one holds the account, which then is signed twice
   * @param query parameters with their values decoded
   * @param headers by lower-case name
   */
  String authorization(
      String method, String path, SortedMap<String, String> query, Map<String, String> headers) {
    String text = stringToSign(account, method, path, query, headers);
    byte[] signature = sign(text.getBytes(StandardCharsets.UTF_8));
    return "SharedKey " + account + ":" + Base64.getEncoder().encodeToString(signature);
  }

  /** The HMAC-SHA256 by the account's key. */
  byte[] sign(byte[] text) {
    return macs.get().doFinal(text);
  }

  static String stringToSign(
      String account,
      String method,
      String path,
      SortedMap<String, String> query,
      Map<String, String> headers) {
    StringBuilder text = new StringBuilder(512).append(method).append('\n');
    for (String name : SIGNED) {
      String value = headers.getOrDefault(name, "");
      boolean empty = name.equals("content-length") && value.equals("0");
      text.append(empty ? "" : value).append('\n');
    }
    for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
      if (header.getKey().startsWith("x-ms-")) {
        text.append(header.getKey()).append(':').append(header.getValue().strip()).append('\n');
      }
    }
    text.append('/').append(account).append(path);
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      text.append('\n')
          .append(parameter.getKey().toLowerCase(Locale.ROOT))
          .append(':')
          .append(parameter.getValue());
    }
    return text.toString();
  }
}
