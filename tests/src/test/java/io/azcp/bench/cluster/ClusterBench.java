package io.azcp.bench.cluster;

import io.azcp.nodes.Job;
import io.azcp.nodes.Launcher;
import io.azcp.nodes.Nodes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the broadcast stage over nodes on one machine, with Open MPI over TCP, in turn with
 * {@code bcast.c}: {@code ./bench.sh --cluster [--times N] [--rows NODES-PIPELINE,…]}. Needs root.
 */
public final class ClusterBench {
  private static final int FILES = 4;
  private static final int MIB = 128;
  private static final int CHUNK = 64;

  /** How much of the program in C must be reached. */
  private static final double MUST = 0.9;

  private static final Pattern TOLD = Pattern.compile("bytes ([0-9.]+) s");
  private static final Pattern STAGE = Pattern.compile("\\[bcast].* T=([0-9.]+)s");

  private final Path root;
  private final int times;

  private ClusterBench(Path root, int times) {
    this.root = root;
    this.times = times;
  }

  /** Runs it; exits with 1 where a run failed. */
  public static void main(String[] args) throws IOException {
    int times = 3;
    List<String> rows = List.of("2-1", "2-4", "3-1", "3-4");
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--times" -> times = Integer.parseInt(args[i + 1]);
        case "--rows" -> rows = List.of(args[i + 1].split(",", -1));
        default -> {
          System.err.println("./bench.sh --cluster [--times N] [--rows NODES-PIPELINE,...]");
          System.exit(2);
        }
      }
    }
    for (String why : List.of(Nodes.missing(), Launcher.OPEN_MPI.missing())) {
      if (!why.isEmpty()) {
        System.err.println("bench: " + why);
        System.exit(1);
      }
    }
    Path root = Path.of(System.getProperty("azcp.root", ".")).toAbsolutePath();
    new ClusterBench(root, times).run(rows);
  }

  private void run(List<String> rows) throws IOException {
    System.out.printf(
        "%d x %d MiB, chunks of %d MiB, Open MPI over TCP between namespaces, medians of %d,%n"
            + "Gb/s a receiver%n%n",
        FILES, MIB, CHUNK, times);
    System.out.println(
        "| nodes | pipeline | C, file to file | azcp | ratio | C, memory | azcp | ratio |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    Path folder = Files.createTempDirectory("azcp-bench");
    Path program = folder.resolve("bcast");
    try {
      Launcher.OPEN_MPI.compile("bcast.c", program);
      for (String row : rows) {
        String[] both = row.split("-", -1);
        try (Nodes nodes = Nodes.up(Integer.parseInt(both[0]))) {
          measure(nodes, both[1], program);
        }
      }
    } finally {
      Files.deleteIfExists(program);
      Files.delete(folder);
    }
  }

  private void measure(Nodes nodes, String pipeline, Path program) throws IOException {
    List<Double> nativeFiles = new ArrayList<>();
    List<Double> ourFiles = new ArrayList<>();
    List<Double> nativeMemory = new ArrayList<>();
    List<Double> ourMemory = new ArrayList<>();
    String chunk = Integer.toString(CHUNK);
    String files = Integer.toString(FILES);
    String mib = Integer.toString(MIB);
    Path disk = nodes.local().resolve("data");
    Path list = list(nodes);
    for (int i = 0; i < times; i++) {
      fill(nodes);
      List<String> c = List.of(program.toString(), disk.toString(), files, mib, chunk, pipeline);
      nativeFiles.add(gigabits(TOLD, run(nodes, c)));
      fill(nodes);
      ourFiles.add(gigabits(STAGE, run(nodes, azcp(list, disk, pipeline))));
      c = List.of(program.toString(), "-", files, mib, chunk, pipeline);
      nativeMemory.add(gigabits(TOLD, run(nodes, c)));
      List<String> java = Launcher.java(MemoryBroadcast.class, files, mib, chunk, pipeline);
      ourMemory.add(gigabits(TOLD, run(nodes, java)));
    }
    Files.delete(list);
    System.out.printf(
        Locale.ROOT,
        "| %d | %s | %.1f | %.1f | %s | %.1f | %.1f | %s |%n",
        nodes.count(),
        pipeline,
        median(nativeFiles),
        median(ourFiles),
        ratio(ourFiles, nativeFiles),
        median(nativeMemory),
        median(ourMemory),
        ratio(ourMemory, nativeMemory));
  }

  private List<String> azcp(Path list, Path disk, String pipeline) {
    return List.of(
        root.resolve("bin/azcp").toString(),
        "cluster",
        "--shardlist",
        list.toString(),
        "--stage",
        "bcast",
        "--bcast-chunk",
        CHUNK + "MiB",
        "--bcast-pipeline",
        pipeline,
        "--no-progress",
        "nowhere",
        disk.toString());
  }

  private static String run(Nodes nodes, List<String> words) throws IOException {
    try (Job job = Launcher.OPEN_MPI.start(nodes, Map.of(), words)) {
      Job.Ended ended = job.end();
      if (ended.code() != 0) {
        throw new IOException(words.get(0) + ": " + ended);
      }
      return ended.out();
    }
  }

  /** Each node has the files of its rank, and nothing else. */
  private static void fill(Nodes nodes) throws IOException {
    for (int node = 1; node <= nodes.count(); node++) {
      Path data = Files.createDirectories(nodes.disk(node).resolve("data"));
      for (int file = 0; file < FILES; file++) {
        Path one = data.resolve("f" + file);
        if (file % nodes.count() != node - 1) {
          Files.deleteIfExists(one);
        } else if (!Files.exists(one)) {
          write(one, file);
        }
      }
    }
  }

  private static void write(Path file, int seed) throws IOException {
    byte[] block = new byte[1 << 20];
    new Random(seed).nextBytes(block);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < MIB; i++) {
        out.write(block);
      }
    }
  }

  private static Path list(Nodes nodes) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int file = 0; file < FILES; file++) {
      text.append('f').append(file).append('\t').append((long) MIB << 20).append('\n');
    }
    return Files.writeString(nodes.local().resolveSibling("list.tsv"), text);
  }

  private static double gigabits(Pattern time, String out) throws IOException {
    Matcher found = time.matcher(out);
    if (!found.find()) {
      throw new IOException("no time in: " + out);
    }
    return FILES * ((long) MIB << 20) * 8 / Double.parseDouble(found.group(1)) / 1e9;
  }

  private static String ratio(List<Double> ours, List<Double> theirs) {
    double ratio = median(ours) / median(theirs);
    return String.format(Locale.ROOT, "%.2f%s", ratio, ratio >= MUST ? "" : " (below 0.9)");
  }

  private static double median(List<Double> all) {
    List<Double> sorted = new ArrayList<>(all);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
