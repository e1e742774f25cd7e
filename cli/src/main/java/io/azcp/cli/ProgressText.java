package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.TransferStats;
import java.time.Duration;

/** How far a transfer is, in one line. */
final class ProgressText {
  private static final int BAR = 20;

  private ProgressText() {}

  /**
   * As {@code [00:00:03] [####>----] 12/160 files [retry 503x12 429x2] 39.68 MiB/47.68 MiB 16.55
   * MiB/s ETA 0s}.
   *
   * @param width columns there are; where they are too few the bar goes first
   */
  static String of(TransferStats stats, RetryCounters retries, int width) {
    long planned = stats.plannedBytes();
    String bar = "[" + bar(moved(stats), planned) + "] ";
    String text = clock(stats) + bar + amounts(stats, retries);
    if (text.length() > width) {
      text = clock(stats) + amounts(stats, retries);
    }
    return text.length() > width ? text.substring(0, Math.max(0, width)) : text;
  }

  /** The same without a bar, for lines that stay. */
  static String plain(TransferStats stats, RetryCounters retries) {
    return clock(stats) + amounts(stats, retries);
  }

  private static String clock(TransferStats stats) {
    return "[" + HumanText.clock(stats.elapsed()) + "] ";
  }

  private static long moved(TransferStats stats) {
    return Math.min(stats.movedBytes(), stats.plannedBytes());
  }

  private static String amounts(TransferStats stats, RetryCounters retries) {
    Duration elapsed = stats.elapsed();
    long moved = moved(stats);
    String repeated =
        retries.total() == 0
            ? ""
            : "[retry 503x" + retries.busy() + " 429x" + retries.throttled() + "] ";
    return stats.files()
        + "/"
        + stats.plannedFiles()
        + " files "
        + repeated
        + HumanText.bytes(moved)
        + "/"
        + HumanText.bytes(stats.plannedBytes())
        + " "
        + HumanText.bytesPerSecond(stats.movedBytes(), elapsed)
        + " ETA "
        + eta(moved, stats.plannedBytes(), elapsed);
  }

  static String bar(long moved, long planned) {
    int full = planned == 0 ? 0 : (int) (BAR * ((double) moved / planned));
    return full == BAR ? "#".repeat(BAR) : "#".repeat(full) + ">" + "-".repeat(BAR - full - 1);
  }

  private static String eta(long moved, long planned, Duration elapsed) {
    if (moved == 0) {
      return "-";
    }
    double left = elapsed.toMillis() * ((double) (planned - moved) / moved);
    return Math.round(left / 1000) + "s";
  }
}
