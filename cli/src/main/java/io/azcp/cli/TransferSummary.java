package io.azcp.cli;

import io.azcp.base.Json;
import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.LatencyHistogram;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.TransferReport;
import io.azcp.transfer.engine.TransferStats;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a transfer ended, for people or for programs. */
final class TransferSummary {
  private static final double NANOS = 1e9;

  private TransferSummary() {}

  /** The stable words; of a job that was cut short ({@code outcome} null) those of many files. */
  static void text(
      PrintStream out,
      Direction direction,
      TransferStats stats,
      RetryCounters retries,
      Outcome outcome) {
    if (outcome == null || !outcome.isSingle()) {
      TransferReport.of(direction.headline(), stats, retries.summary()).forEach(out::println);
    } else if (stats.files() > 0) {
      out.println(TransferReport.transferred(outcome.single(), stats));
    } else if (stats.skipped() > 0) {
      out.println("Skipped (already exists): " + outcome.single());
    }
  }

  /** One object. */
  static void json(
      PrintStream out, String command, TransferStats stats, RetryCounters retries, boolean whole) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "summary");
    object.put("command", command);
    object.put("complete", whole);
    object.put("planned", stats.plannedFiles());
    object.put("files", stats.files());
    object.put("bytes", stats.bytes());
    object.put("failed", stats.failed());
    object.put("skipped", stats.skipped());
    object.put("seconds", stats.elapsed().toNanos() / NANOS);
    object.put("retries", retries(retries));
    LatencyHistogram latency = stats.latency();
    if (latency.count() > 0) {
      object.put("requests", requests(latency));
    }
    out.println(Json.write(object));
  }

  private static Map<String, Object> retries(RetryCounters retries) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("503", retries.busy());
    object.put("429", retries.throttled());
    object.put("5xx", retries.faulty());
    object.put("transport", retries.transport());
    return object;
  }

  private static Map<String, Object> requests(LatencyHistogram latency) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("count", latency.count());
    object.put("meanSeconds", latency.mean().toNanos() / NANOS);
    object.put("maxSeconds", latency.max().toNanos() / NANOS);
    return object;
  }
}
