package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.prefetch.PrepareResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a preparation ended, for people or for programs. */
final class PrepareSummary {
  private static final double NANOS = 1e9;

  private PrepareSummary() {}

  static void text(PrintStream out, PrepareResult r, Duration time) {
    if (r.files() > 0) {
      out.println(
          "Prepared: "
              + HumanText.count(r.files(), "file")
              + ", "
              + HumanText.bytes(r.bytes())
              + " in "
              + HumanText.tenths(time)
              + " = "
              + HumanText.gbps(r.bytes(), time));
    } else if (r.filesFailed() == 0) {
      out.println("Nothing to do: all is in the cache");
    }
    if (r.filesThere() > 0) {
      out.println("  There already: " + sum(r.filesThere(), r.bytesThere()));
    }
    ends(out, r);
  }

  /** What is there, and what is not. */
  static void check(PrintStream out, PrepareResult r) {
    out.println("In the cache: " + sum(r.filesThere(), r.bytesThere()));
    if (r.filesMissing() > 0) {
      out.println("  Missing: " + sum(r.filesMissing(), r.bytesMissing()));
    }
    ends(out, r);
  }

  private static void ends(PrintStream out, PrepareResult r) {
    if (r.filesSkipped() > 0) {
      out.println("  Skipped (no path can name them): " + r.filesSkipped());
    }
    if (r.filesFailed() > 0) {
      out.println("  Failed: " + r.filesFailed());
    }
  }

  private static String sum(long files, long bytes) {
    return HumanText.count(files, "file") + ", " + HumanText.bytes(bytes);
  }

  static Map<String, Object> json(PrepareResult r, Duration time) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "summary");
    object.put("command", "prepare");
    object.put("files", r.files());
    object.put("bytes", r.bytes());
    object.put("filesThere", r.filesThere());
    object.put("bytesThere", r.bytesThere());
    object.put("filesMissing", r.filesMissing());
    object.put("bytesMissing", r.bytesMissing());
    object.put("skipped", r.filesSkipped());
    object.put("failed", r.filesFailed());
    object.put("seconds", time.toNanos() / NANOS);
    return object;
  }
}
