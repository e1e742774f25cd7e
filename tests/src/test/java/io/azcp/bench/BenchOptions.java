package io.azcp.bench;

import io.azcp.base.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is measured, and with what.
 *
 * @param rows in the order of the table
 * @param times runs of each
 * @param azcp the launcher
 * @param newest the newest JDK installed
 * @param oldest JDK 17, or null where there is none or it is the newest
 * @param tmpfs where files lie
 * @param report the file the table is written to
 */
record BenchOptions(
    List<Row> rows, int times, Path azcp, Path newest, Path oldest, Path tmpfs, Path report) {
  /** Rows that take minutes. */
  private static final Pattern LONG = Pattern.compile("up-1m.*|list-10m");

  private static final String USAGE =
      """
      ./bench.sh [--rows ID[,ID…]] [--times N] [--quick] [--report FILE] [--list]
        --rows    only these; * stands for anything (default: all)
        --times   runs of each row, of which the median counts (default 3)
        --quick   once, and without the rows of a million files
        --report  where the table is written (default tests/target/bench.md)
        --list    names the rows""";

  /** Reads the command line; prints and ends where only words are wanted. */
  static BenchOptions parse(String[] args) throws UsageException, IOException {
    List<Row> rows = Rows.all();
    int times = 3;
    Path root = Path.of(System.getProperty("azcp.root", "."));
    Path report = root.resolve("tests/target/bench.md");
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> {
          times = 1;
          rows.removeIf(row -> LONG.matcher(row.id()).matches());
        }
        case "--rows" -> rows = chosen(value(args, ++i));
        case "--times" -> times = Integer.parseInt(value(args, ++i));
        case "--report" -> report = Path.of(value(args, ++i));
        case "--list" -> {
          rows.forEach(row -> System.out.printf("%-14s %s%n", row.id(), row.work()));
          System.exit(0);
        }
        default -> throw new UsageException(USAGE);
      }
    }
    Path oldest = Jdks.of(17);
    Path newest = Jdks.newest();
    return new BenchOptions(
        rows,
        times,
        root.resolve("bin/azcp").toAbsolutePath(),
        newest,
        newest.equals(oldest) ? null : oldest,
        Path.of("/dev/shm"),
        report);
  }

  List<Path> jdks() {
    return oldest == null ? List.of(newest) : List.of(newest, oldest);
  }

  private static String value(String[] args, int at) throws UsageException {
    if (at >= args.length) {
      throw new UsageException(USAGE);
    }
    return args[at];
  }

  private static List<Row> chosen(String ids) throws UsageException {
    var chosen = new ArrayList<Row>();
    for (Row row : Rows.all()) {
      for (String id : ids.split(",", -1)) {
        if (row.id().matches(id.replace("*", ".*")) && !chosen.contains(row)) {
          chosen.add(row);
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new UsageException("no row is called " + ids + "; --list names them");
    }
    return chosen;
  }
}
