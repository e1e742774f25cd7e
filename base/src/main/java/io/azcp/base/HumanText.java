package io.azcp.base;

import java.time.Duration;
import java.util.Locale;

/**
 * Numbers as the commands print them for people. The forms are stable: scripts read them. Always
 * with a decimal point, whatever the locale.
 */
public final class HumanText {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final double BITS = 8.0;

  private HumanText() {}

  /** {@code 6 B}, {@code 9.54 MiB}. */
  public static String bytes(long bytes) {
    int unit = unit(bytes);
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.2f %s", bytes / Math.pow(1024, unit), UNITS[unit]);
  }

  /** {@code 16.55 MiB/s}; nothing moved or no time passed is {@code 0 B/s}. */
  public static String bytesPerSecond(long bytes, Duration time) {
    double seconds = seconds(time);
    return bytes((long) (seconds > 0 ? bytes / seconds : 0)) + "/s";
  }

  /** {@code 0.97 Gbps}, decimal gigabits. */
  public static String gbps(long bytes, Duration time) {
    return String.format(Locale.ROOT, "%.2f Gbps", perSecond(bytes, time) * BITS / 1e9);
  }

  /** {@code 374 Mbps}, decimal megabits. */
  public static String mbps(long bytes, Duration time) {
    return String.format(Locale.ROOT, "%.0f Mbps", perSecond(bytes, time) * BITS / 1e6);
  }

  /** {@code 0.1s}. */
  public static String tenths(Duration time) {
    return String.format(Locale.ROOT, "%.1fs", seconds(time));
  }

  /** {@code 30.5ms}. */
  public static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1fms", seconds(time) * 1e3);
  }

  /** {@code 00:01:05}; hours go on beyond 99. */
  public static String clock(Duration time) {
    return String.format(
        Locale.ROOT, "%02d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  /** {@code 1 file}, {@code 12 files}. */
  public static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static int unit(long bytes) {
    int unit = 0;
    // 1023.995 and more would print as 1024.00 of the smaller unit.
    for (double left = bytes; left >= (unit == 0 ? 1024 : 1023.995); left /= 1024) {
      unit++;
    }
    return unit;
  }

  private static double perSecond(long bytes, Duration time) {
    double seconds = seconds(time);
    return seconds > 0 ? bytes / seconds : 0;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }
}
