package io.azcp.transfer.blob;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the exception of an answer that refuses, with what can be known of its reason. */
final class Refusal {
  /**
   * The service refuses signatures whose date is further off (Shared Key, "Specifying the Date").
   */
  private static final long MAX_SKEW_MILLIS = 15 * 60 * 1000;

  private static final int LONGEST_BODY = 64 << 10;

  /** As {@code Bearer authorization_uri=https://login.microsoftonline.com/TENANT/oauth2/…}. */
  private static final Pattern TENANT =
      Pattern.compile("authorization_uri=\"?https://[^/\\s]+/([A-Za-z0-9.-]+)");

  private final RequestBuilder.Endpoint endpoint;

  Refusal(RequestBuilder.Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Reads the answer's body as far as it helps. */
  ServiceException of(Exchange exchange, String operation, String subject) throws IOException {
    ResponseHead head = exchange.head();
    String code = head.header("x-ms-error-code");
    if (code.isEmpty()) {
      code = codeOf(body(exchange));
    } else {
      body(exchange);
    }
    return ServiceErrors.of(
        operation,
        subject,
        head.status(),
        code,
        head.header("x-ms-request-id"),
        hint(head, code),
        retryAfter(head));
  }

  private static String body(Exchange exchange) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuffer piece = exchange.next(); piece != null; piece = exchange.next()) {
      byte[] copy = new byte[piece.remaining()];
      piece.get(copy);
      bytes.write(copy);
      if (bytes.size() > LONGEST_BODY) {
        break;
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static String codeOf(String body) {
    for (SimpleXml.Text text : SimpleXml.read(body)) {
      if (text.path().equals("/Error/Code")) {
        return text.value().strip();
      }
    }
    return "";
  }

  private static long retryAfter(ResponseHead head) {
    long millis = ResponseHead.number(head.header("x-ms-retry-after-ms"));
    if (millis >= 0) {
      return millis;
    }
    String value = head.header("retry-after");
    long seconds = ResponseHead.number(value);
    if (seconds >= 0) {
      return Math.min(seconds, 1_000_000) * 1000;
    }
    long date = value.isEmpty() ? -1 : HttpDate.parse(value);
    return date < 0 ? -1 : Math.max(0, date - System.currentTimeMillis());
  }

  private String hint(ResponseHead head, String code) {
    if (head.status() / 100 == 3) {
      return "it points to '" + head.header("location") + "', and redirects are not followed";
    }
    if (head.status() != 403 && head.status() != 401) {
      return "";
    }
    long now = System.currentTimeMillis();
    long date = HttpDate.parse(head.header("date"));
    long server = date < 0 ? now : date;
    if (endpoint.credential() instanceof Credential.Sas sas) {
      String expiry = parameter(sas.token(), "se");
      if (instant(expiry) < server) {
        return "the SAS expired at " + expiry + "; make a new one";
      }
    }
    if (Math.abs(now - server) > MAX_SKEW_MILLIS) {
      return ClockOffset.described(now - server) + "; set it";
    }
    if (endpoint.credential() instanceof Credential.Bearer bearer) {
      return ofToken(head, code, bearer.source());
    }
    boolean unauthorized = code.equals("AuthorizationFailure");
    if (!code.equals("AuthenticationFailed") && !unauthorized) {
      return "";
    }
    String where = unauthorized ? " and the account's network rules" : "";
    if (endpoint.credential() instanceof Credential.SharedKey key) {
      return "check the key of account " + key.account() + " (" + key.source() + ")" + where;
    }
    return unauthorized ? "" : "check the credential (" + endpoint.credential().source() + ")";
  }

  private static String ofToken(ResponseHead head, String code, String source) {
    if (code.startsWith("AuthorizationPermission")) {
      return "give the identity ("
          + source
          + ") a role on the account's data, as Storage Blob Data Contributor";
    }
    Matcher tenant = TENANT.matcher(head.header("www-authenticate"));
    return head.status() != 401
        ? ""
        : "check the identity ("
            + source
            + ")"
            + (tenant.find() ? "; the account is of the tenant " + tenant.group(1) : "");
  }

  private static String parameter(String query, String name) {
    for (String each : query.split("&", -1)) {
      if (each.startsWith(name + "=")) {
        return NameEncoding.decode(each.substring(name.length() + 1));
      }
    }
    return "";
  }

  /** Milliseconds of an ISO 8601 time as a SAS has it; the end of time where it has none. */
  private static long instant(String text) {
    try {
      if (text.length() == 10) {
        return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      }
      return text.length() == 17
          ? Instant.parse(text.substring(0, 16) + ":00Z").toEpochMilli()
          : OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      return Long.MAX_VALUE;
    }
  }
}
