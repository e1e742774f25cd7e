package io.azcp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures as a Markdown table, the demands beside them. */
final class Table {
  private static final int PER_MILLION = 1_000_000;
  private static final double COSTS_BY_PIECE = 1000;

  private final List<String> lines = new ArrayList<>();
  private int demands;
  private int met;

  void add(Row row, Figures ours, Figures curl, Figures older, Map<String, Figures> seen) {
    boolean compared = !curl.runs().isEmpty();
    var must = new ArrayList<String>();
    for (Must demand : row.demands()) {
      boolean good = demand.test().met(row, ours, curl, seen);
      demands++;
      met += good ? 1 : 0;
      must.add(demand.text() + (good ? " ✓" : " ✗"));
    }
    lines.add(
        "| "
            + String.join(
                " | ",
                row.id(),
                row.work(),
                cost(row, ours),
                number("%.2f s", ours.wall()),
                speed(row, ours),
                number("%.0f MiB", ours.peak()),
                compared ? cost(row, curl) + ", " + number("%.2f s", curl.wall()) : "–",
                compared ? number("%.2f", ours.cpu() / curl.cpu()) : "–",
                older.runs().isEmpty() ? "–" : number("%.2f", older.cpu() / ours.cpu()),
                String.join("; ", must))
            + " |");
  }

  void failed(Row row, String why) {
    demands += row.demands().size();
    lines.add(
        "| "
            + String.join(" | ", row.id(), row.work(), "failed: " + why.replaceAll("[|\\n]", " "))
            + " | | | | | | | ✗ |");
  }

  /** CPU time by the row's unit. */
  private static String cost(Row row, Figures figures) {
    if (row.unit().isEmpty()) {
      return number("%.2f CPU-s", figures.cpu());
    }
    return row.count() < COSTS_BY_PIECE
        ? number("%.2f CPU-s/", figures.cpu() / row.count()) + row.unit()
        : number("%.1f µs", figures.cpu() * PER_MILLION / row.count());
  }

  private static String speed(Row row, Figures figures) {
    if (row.unit().isEmpty()) {
      return "–";
    }
    double speed = row.count() / figures.wall();
    return row.count() < COSTS_BY_PIECE
        ? number("%.2f ", speed) + row.unit() + "/s"
        : number("%,.0f ", speed) + row.unit() + "/s";
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  String text(BenchOptions options) throws IOException {
    var text = new StringBuilder();
    text.append("Medians of ").append(options.times());
    text.append(" runs, JDK ").append(Jdks.version(options.newest()));
    text.append(", ").append(Runtime.getRuntime().availableProcessors()).append(" cores, Linux ");
    text.append(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    text.append("; ").append(met).append(" of ").append(demands).append(" demands met.\n\n");
    text.append("| row | work | azcp CPU | wall | speed | peak RSS | curl CPU, wall |");
    text.append(" CPU ÷ curl | JDK 17 ÷ newest | must |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|\n");
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
