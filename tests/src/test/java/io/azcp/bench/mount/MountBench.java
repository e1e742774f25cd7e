package io.azcp.bench.mount;

import io.azcp.base.UsageException;
import io.azcp.bench.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures reading and writing through a mount: {@code ./bench.sh --mount}. Each row runs three
 * times, each time with a daemon and a cache of its own; the medians are printed.
 */
public final class MountBench {
  private static final String USAGE =
      """
      ./bench.sh --mount [--rows ID[,ID…]] [--times N] [--quick] [--folder DIR] [--report FILE] [--list]
        --rows    only these; * stands for anything (default: all)
        --times   runs of each row, of which the median counts (default 3)
        --quick   once
        --folder  where the caches lie (default /dev/shm)
        --report  where the table is written (default tests/target/bench-mount.md)
        --list    names the rows""";

  private final Path root = Path.of(System.getProperty("azcp.root", "."));
  private List<MountRow> rows = all();
  private int times = 3;
  private Path folder = Path.of("/dev/shm");
  private Path report = root.resolve("tests/target/bench-mount.md");

  private MountBench() {}

  private static List<MountRow> all() {
    return Stream.of(ColdReads.rows(), CachedReads.rows(), ManyNames.rows(), WriteRows.rows())
        .flatMap(List::stream)
        .toList();
  }

  /** Runs the rows that the arguments choose. Exits with 1 where a row failed to run. */
  public static void main(String[] args) throws IOException {
    try {
      System.exit(new MountBench().parse(args).run() ? 0 : 1);
    } catch (UsageException e) {
      System.err.println("bench: " + e.getMessage());
      System.exit(2);
    }
  }

  private MountBench parse(String[] args) throws UsageException {
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> times = 1;
        case "--rows" -> rows = chosen(value(args, ++i));
        case "--times" -> times = Integer.parseInt(value(args, ++i));
        case "--folder" -> folder = Path.of(value(args, ++i));
        case "--report" -> report = Path.of(value(args, ++i));
        case "--list" -> {
          rows.forEach(row -> System.out.printf("%-14s %s%n", row.id(), row.work()));
          System.exit(0);
        }
        default -> throw new UsageException(USAGE);
      }
    }
    return this;
  }

  private static String value(String[] args, int at) throws UsageException {
    if (at >= args.length) {
      throw new UsageException(USAGE);
    }
    return args[at];
  }

  private static List<MountRow> chosen(String ids) throws UsageException {
    List<String> patterns = List.of(ids.replace("*", ".*").split(",", -1));
    List<MountRow> chosen =
        all().stream().filter(row -> patterns.stream().anyMatch(row.id()::matches)).toList();
    if (chosen.isEmpty()) {
      throw new UsageException("no row is called " + ids + "; --list names them");
    }
    return chosen;
  }

  private boolean run() throws IOException {
    boolean fine = true;
    List<String> lines = new ArrayList<>();
    Path jdk = Jdks.newest();
    try (Stage stage = new Stage(root.resolve("bin/azcp").toAbsolutePath(), jdk, folder)) {
      for (MountRow row : rows) {
        try {
          Outcome outcome = median(row, stage);
          lines.add(line(row, outcome));
        } catch (IOException e) {
          System.out.println(row.id() + ": " + e.getMessage());
          lines.add("| " + row.id() + " | " + row.work() + " | failed | ✗ |");
          fine = false;
        }
      }
    }
    String text =
        "Medians of "
            + times
            + " runs, JDK "
            + Jdks.version(jdk)
            + ", "
            + Runtime.getRuntime().availableProcessors()
            + " cores, Linux "
            + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip()
            + ".\n\n| row | work | figures | must |\n|---|---|---|---|\n"
            + String.join("\n", lines)
            + "\n";
    System.out.print("\n" + text);
    Files.createDirectories(report.toAbsolutePath().getParent());
    Files.writeString(report, text);
    System.out.println("\nwritten to " + report);
    return fine;
  }

  private Outcome median(MountRow row, Stage stage) throws IOException {
    Map<String, List<Double>> runs = new LinkedHashMap<>();
    for (int i = 0; i < times; i++) {
      Outcome one = row.measure().run(stage);
      System.out.printf("%-14s %s%n", row.id(), one);
      one.figures()
          .forEach((name, value) -> runs.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    Outcome outcome = new Outcome();
    runs.forEach((name, values) -> outcome.with(name, median(values)));
    return outcome;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static String line(MountRow row, Outcome outcome) {
    List<String> must = new ArrayList<>();
    row.demands().forEach(demand -> must.add(demand + (demand.met(outcome) ? " ✓" : " ✗")));
    return String.join(
        " | ", "| " + row.id(), row.work(), outcome.toString(), String.join("; ", must) + " |");
  }
}
