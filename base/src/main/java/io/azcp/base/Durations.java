package io.azcp.base;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;

/** Lengths of time as options and configuration files give them. */
public final class Durations {
  /** How to write a duration, for messages and the documentation. */
  public static final String ALLOWED = "seconds, or a number with ms, s, m or h";

  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "", BigDecimal.valueOf(1_000_000_000L),
          "ms", BigDecimal.valueOf(1_000_000L),
          "s", BigDecimal.valueOf(1_000_000_000L),
          "m", BigDecimal.valueOf(60_000_000_000L),
          "h", BigDecimal.valueOf(3_600_000_000_000L));

  private Durations() {}

  /**
   * Reads {@code 500ms}, {@code 2s}, {@code 1.5m}, {@code 1h} in any case; a bare number is
   * seconds.
   *
   * @throws UsageException for another unit, a negative number, or more than 292 years
   */
  public static Duration parse(String text) throws UsageException {
    return Duration.ofNanos(Quantity.parse(text, UNITS, "a duration", ALLOWED));
  }

  /** The shortest text that {@link #parse} reads back as the same length, down to milliseconds. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds != 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds != 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
