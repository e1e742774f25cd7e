package io.azcp.transfer.blob;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before an attempt: as the service asks, up to a minute; else half a second,
 * doubled each time up to 30 s, a quarter more or less so that clients do not come back at once.
 *
 * @param random numbers from 0 up to 1
 */
record Backoff(DoubleSupplier random) {
  private static final long LONGEST_ASKED_MILLIS = 60_000;
  private static final long FIRST_MILLIS = 500;
  private static final long LONGEST_MILLIS = 30_000;
  private static final double SPREAD = 0.25;

  /**
   * The pause before the next attempt.
   *
   * @param failures attempts that failed so far, at least one
   * @param askedMillis what the service asks for, −1 for nothing
   */
  Duration pause(int failures, long askedMillis) {
    if (askedMillis >= 0) {
      return Duration.ofMillis(Math.min(askedMillis, LONGEST_ASKED_MILLIS));
    }
    long doubled = FIRST_MILLIS << Math.min(failures - 1, 16);
    double factor = 1 - SPREAD + 2 * SPREAD * random.getAsDouble();
    return Duration.ofMillis((long) (Math.min(doubled, LONGEST_MILLIS) * factor));
  }
}
