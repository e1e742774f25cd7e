package io.azcp.transfer.identity;

import io.azcp.base.AzcpException;
import io.azcp.base.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Asks for a token by HTTP, the way IMDS and the token endpoint of Entra ID both answer: an OAuth
 * 2.0 token response (RFC 6749, 5.1), or an error with a description (5.2). What may pass is asked
 * again a few times: 410 (IMDS is being updated), 429 and 5xx.
 */
final class TokenRequest {
  private static final int ATTEMPTS = 3;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Tokens live an hour to a day; what claims more is asked for anew after this. */
  private static final Duration LONGEST_LIFE = Duration.ofDays(7);

  /** The longest piece of a stranger's text that goes into a message. */
  private static final int LONGEST_REASON = 300;

  /** Waits between attempts; in tests it does not. */
  interface Sleeper {
    void sleep(Duration pause) throws IOException;
  }

  private final TokenHttp http;
  private final Sleeper sleeper;
  private final LongSupplier epochMillis;

  TokenRequest(TokenHttp http, Sleeper sleeper, LongSupplier epochMillis) {
    this.http = http;
    this.sleeper = sleeper;
    this.epochMillis = epochMillis;
  }

  /** The answer after what may pass has passed, or still has not; all within the limit. */
  TokenHttp.Answer send(TokenHttp.Request request) throws IOException {
    long end = System.nanoTime() + request.limit().toNanos();
    Duration pause = PAUSE;
    for (int attempt = 1; ; attempt++) {
      TokenHttp.Answer answer = http.send(request.within(until(end)));
      boolean last = attempt == ATTEMPTS || until(end).compareTo(pause) <= 0;
      if (last || !mayPass(answer.status())) {
        return answer;
      }
      sleeper.sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private static Duration until(long end) {
    return Duration.ofNanos(end - System.nanoTime());
  }

  private static boolean mayPass(int status) {
    return status == 410 || status == 429 || status >= 500;
  }

  /**
   * The token of an answer of status 200.
   *
   * @param name of the identity, for messages
   */
  AccessToken token(TokenHttp.Answer answer, String name) throws IdentityException {
    Map<?, ?> fields = object(answer.body());
    String value = text(fields, "access_token");
    long seconds = number(fields, "expires_in");
    if (seconds < 0 && number(fields, "expires_on") >= 0) {
      seconds = number(fields, "expires_on") - epochMillis.getAsLong() / 1000;
    }
    return token(value, seconds, name);
  }

  /** A token from what was read of it; a header must be able to carry it. */
  static AccessToken token(String value, long seconds, String name) throws IdentityException {
    boolean sendable = !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!sendable || seconds < 0) {
      throw IdentityException.refused(
          name + ": the answer holds no token with a time of expiry in the future");
    }
    return new AccessToken(value, Duration.ofSeconds(Math.min(seconds, LONGEST_LIFE.toSeconds())));
  }

  /** Why an answer refuses: its error's description, else its error, else its status. */
  static String reason(TokenHttp.Answer answer) {
    Map<?, ?> fields = object(answer.body());
    String description = text(fields, "error_description");
    String error = text(fields, "error");
    String reason = description.isEmpty() ? error : description;
    return answer.status() + (reason.isEmpty() ? "" : " (" + firstLine(reason) + ")");
  }

  /** A stranger's text as one printable line. */
  static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    String printable = line.replaceAll("\\p{Cntrl}", " ").strip();
    return printable.length() > LONGEST_REASON
        ? printable.substring(0, LONGEST_REASON) + "…"
        : printable;
  }

  /** The JSON object of a text; one without keys where it is none. */
  static Map<?, ?> object(String text) {
    try {
      return Json.parse(text.strip()) instanceof Map<?, ?> map ? map : Map.of();
    } catch (AzcpException e) {
      // A page of a proxy, or of another cloud's metadata service: it says nothing about tokens.
      return Map.of();
    }
  }

  static String text(Map<?, ?> fields, String key) {
    return fields.get(key) instanceof String value ? value : "";
  }

  /** A number, which IMDS and App Service write as a text; −1 for none. */
  static long number(Map<?, ?> fields, String key) {
    Object value = fields.get(key);
    if (value instanceof Number number) {
      return number.longValue();
    }
    try {
      return value instanceof String digits ? Long.parseLong(digits.strip()) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
