package io.azcp.bench;

import io.azcp.base.UsageException;
import io.azcp.bench.Child.Cost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures azcp and, in turn with it, curl: {@code ./bench.sh}. Each row runs three times with the
 * newest JDK and once with JDK 17; what is printed are medians, and the highest memory.
 */
public final class Bench {
  /** No run takes nearly as long; one that does hangs. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private final BenchOptions options;
  private final Table table;
  private final Map<String, Figures> seen = new HashMap<>();

  private Bench(BenchOptions options) {
    this.options = options;
    this.table = new Table();
  }

  /** Runs the rows that the arguments choose. Exits with 1 where a row failed to run. */
  public static void main(String[] args) throws IOException {
    try {
      System.exit(new Bench(BenchOptions.parse(args)).run() ? 0 : 1);
    } catch (UsageException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
    }
  }

  private boolean run() throws IOException {
    boolean fine = true;
    makeArchives();
    try (Workbench bench = Workbench.in(options.tmpfs())) {
      for (Row row : options.rows()) {
        try {
          bench.ready(row);
          measure(row, bench);
        } catch (IOException e) {
          System.out.println(row.id() + ": " + e.getMessage());
          table.failed(row, e.getMessage());
          fine = false;
        }
      }
    }
    String text = table.text(options);
    System.out.println();
    System.out.print(text);
    Files.createDirectories(options.report().toAbsolutePath().getParent());
    Files.writeString(options.report(), text);
    System.out.println("\nwritten to " + options.report());
    return fine;
  }

  /** Makes the class-data archives, which a first run only starts to make. */
  private void makeArchives() throws IOException {
    for (Path jdk : options.jdks()) {
      var maker = new ProcessBuilder(options.azcp().toString(), "--make-archive").inheritIO();
      maker.environment().put("AZCP_JAVA", jdk.resolve("bin/java").toString());
      try {
        maker.start().waitFor();
      } catch (InterruptedException e) {
        throw new IOException("interrupted", e);
      }
    }
  }

  private void measure(Row row, Workbench bench) throws IOException {
    var ours = new ArrayList<Cost>();
    var older = new ArrayList<Cost>();
    var reference = new ArrayList<Cost>();
    int times = row.once() ? 1 : options.times();
    for (int i = 0; i < times; i++) {
      ours.add(azcp(row, bench, options.newest()));
      if (!row.reference().in(bench).isEmpty()) {
        reference.add(one(row, "curl", row.reference().in(bench), bench, Map.of(), -1));
      }
      if (i == 0 && !row.once() && options.oldest() != null) {
        older.add(azcp(row, bench, options.oldest()));
      }
    }
    var figures = new Figures(ours);
    seen.put(row.id(), figures);
    table.add(row, figures, new Figures(reference), new Figures(older), seen);
  }

  private Cost azcp(Row row, Workbench bench, Path jdk) throws IOException {
    var command = new ArrayList<>(List.of(options.azcp().toString()));
    command.addAll(List.of("--ca-file", bench.certificate().toString()));
    command.addAll(row.ours().in(bench));
    Map<String, String> environment =
        Map.of(
            "AZCP_JAVA",
            jdk.resolve("bin/java").toString(),
            "AZURE_STORAGE_SAS_TOKEN",
            "sv=2024-11-04&sig=c3RhbmQtaW4%3D");
    if (row.memoryLimit() == 0) {
      return one(row, "azcp", command, bench, environment, row.arrives());
    }
    try (ControlGroup group = ControlGroup.ofMemory(row.memoryLimit())) {
      return one(row, "azcp", group.inside(command), bench, environment, row.arrives());
    }
  }

  private static Cost one(
      Row row,
      String who,
      List<String> command,
      Workbench bench,
      Map<String, String> environment,
      long arrives)
      throws IOException {
    bench.clear();
    Cost cost = measured(command, environment, bench, Math.max(0, row.arrives()));
    long arrived = bench.clear();
    System.out.printf(
        "%-14s %-5s %7.2f s CPU %7.2f s wall %5.0f MiB%n",
        row.id(), who, cost.cpu(), cost.wall(), cost.peak());
    if (cost.exit() != 0) {
      throw new IOException(who + " ended with " + cost.exit() + ": " + Child.tail(bench.errors()));
    }
    if (arrives >= 0 && arrived != arrives) {
      throw new IOException(who + " left " + arrived + " bytes instead of " + arrives);
    }
    return cost;
  }

  private static Cost measured(
      List<String> command, Map<String, String> environment, Workbench bench, long writes)
      throws IOException {
    TouchedMemory memory = bench.touch(writes);
    try {
      return Child.run(command, environment, bench.output(), bench.errors(), LIMIT);
    } finally {
      memory.close();
    }
  }
}
