package io.azcp.transfer.engine;

import io.azcp.base.HumanText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The summary of a transfer. Its words are stable: scripts read them. */
public final class TransferReport {
  private TransferReport() {}

  /**
   * The summary of a transfer of many files. Counts and rate are of what was moved, not of what was
   * planned.
   *
   * @param what as {@code Upload}
   * @param retries as {@code none} or {@code 503x3 429x0 5xxx0 transport-err x0}
   */
  public static List<String> of(String what, TransferStats stats, String retries) {
    Duration elapsed = stats.elapsed();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        what
            + " complete: "
            + stats.files()
            + " files, "
            + HumanText.bytes(stats.bytes())
            + " in "
            + HumanText.tenths(elapsed)
            + " = "
            + HumanText.gbps(stats.bytes(), elapsed));
    lines.add("  Succeeded: " + stats.files());
    if (stats.failed() > 0) {
      lines.add("  Failed:    " + stats.failed());
    }
    if (stats.skipped() > 0) {
      lines.add("  Skipped:   " + stats.skipped());
    }
    lines.add("  Retries:   " + retries);
    requests(lines, stats);
    return lines;
  }

  private static void requests(List<String> lines, TransferStats stats) {
    LatencyHistogram latency = stats.latency();
    long count = latency.count();
    if (count == 0) {
      return;
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "  Latency:   count=%d mean=%s min=%s max=%s p50<=%dms p95<=%dms p99<=%dms",
            count,
            HumanText.millis(latency.mean()),
            HumanText.millis(latency.min()),
            HumanText.millis(latency.max()),
            latency.boundMillis(0.50),
            latency.boundMillis(0.95),
            latency.boundMillis(0.99)));
    long average = stats.movedBytes() / count;
    lines.add(
        "  Per-req:   "
            + HumanText.bytes(average)
            + " avg/req @ "
            + HumanText.mbps(average, latency.mean())
            + "/req");
  }

  /** A single file that was moved: {@code Transferred: one.txt (6 B)}. */
  public static String transferred(String name, TransferStats stats) {
    return "Transferred: " + name + " (" + HumanText.bytes(stats.bytes()) + ")";
  }
}
