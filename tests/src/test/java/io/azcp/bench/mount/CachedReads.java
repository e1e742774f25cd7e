package io.azcp.bench.mount;

import io.azcp.bench.Dataset;
import io.azcp.bench.StandIn;
import io.azcp.bench.mount.NativeReader.Pairs;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads of files that are cached already. The native file system's figures are those of the very
 * same files, read in the cache folder.
 */
final class CachedReads {
  private static final double MIB = 1 << 20;
  private static final int READS = 200_000;
  private static final int FEW_READS = 20_000;
  private static final int STATS = 500_000;

  private CachedReads() {}

  static List<MountRow> rows() {
    return List.of(
        MountRow.of(
            "start",
            "`azcp mount` with an empty cache, until it answers",
            CachedReads::start,
            Demand.most("s until ready", 0.8)),
        MountRow.of(
            "cached-1g",
            "a cached file of 1 GiB, as root, beside the native file system",
            CachedReads::passthrough,
            Demand.least("of native (sequential)", 0.92),
            Demand.least("of native (random 4 KiB)", 0.85),
            Demand.least("of native (mmap)", 0.95),
            Demand.most("daemon CPU-s", 0.05)),
        MountRow.of(
            "served-1g",
            "the same with `--no-passthrough`, pages cold and warm",
            CachedReads::served,
            Demand.least("of native (sequential, cold)", 0.35),
            Demand.least("of native (random 4 KiB, cold)", 0.1),
            Demand.least("of native (sequential, warm)", 0.92)),
        MountRow.of(
            "cached-small",
            "50,000 cached files of 4 KiB, one reader, beside the native file system",
            CachedReads::small,
            Demand.least("files/s opened, read, closed", 20_000),
            Demand.least("of native (open, read, close)", 0.08),
            Demand.most("× native (walk, cold)", 4),
            Demand.most("× native (walk, warm)", 1.5),
            Demand.least("of native (stat)", 0.8)));
  }

  private static Outcome start(Stage stage) throws IOException {
    StandIn server = stage.server(0);
    long start = System.nanoTime();
    try (Mounted mounted = stage.mount(server, "tiny")) {
      double ready = (System.nanoTime() - start) / 1e9;
      Files.size(mounted.root().resolve(Dataset.of("tiny").name(0)));
      double first = (System.nanoTime() - start) / 1e9;
      return new Outcome()
          .with("s until ready", ready)
          .with("s until the first file's attributes", first)
          .with("MiB daemon", mounted.peak());
    }
  }

  private static Outcome passthrough(Stage stage) throws IOException {
    NativeReader reader = NativeReader.compiled();
    try (Mounted mounted = stage.mount(stage.server(0), "one")) {
      Path file = prepared(stage, mounted);
      Path same = stage.folder("cache").resolve(Dataset.of("one").name(0));
      reader.run("seq", file);
      // The first open, and what the daemon compiles after its work, are not what is asked for.
      ColdReads.settle();
      double cpu = mounted.cpu();
      Pairs sequential = pairs(reader, "seq", file, same, "");
      Pairs random = pairs(reader, "random", file, same, READS);
      Pairs map = pairs(reader, "mmap", file, same, READS);
      return new Outcome()
          .with("of native (sequential)", sequential.ratio())
          .with("MiB/s", sequential.mounted() / MIB)
          .with("of native (random 4 KiB)", random.ratio())
          .with("reads/s", random.mounted())
          .with("of native (mmap)", map.ratio())
          .with("pages/s", map.mounted())
          .with("daemon CPU-s", mounted.cpu() - cpu);
    }
  }

  private static Path prepared(Stage stage, Mounted mounted) throws IOException {
    stage.azcp("prepare", mounted.root().toString());
    return mounted.root().resolve(Dataset.of("one").name(0));
  }

  private static Pairs pairs(NativeReader reader, String what, Path file, Path same, Object count)
      throws IOException {
    return Pairs.of(
        () -> reader.run(what, file, count).rate(), () -> reader.run(what, same, count).rate());
  }

  private static Outcome served(Stage stage) throws IOException {
    NativeReader reader = NativeReader.compiled();
    try (Mounted mounted = stage.mount(stage.server(0), "one", "--no-passthrough")) {
      Path file = prepared(stage, mounted);
      Path same = stage.folder("cache").resolve(Dataset.of("one").name(0));
      reader.run("seq", file);
      double cpu = mounted.cpu();
      Pairs cold = coldPairs(reader, "seq", file, same, "");
      double perGib = (mounted.cpu() - cpu) / 5;
      Pairs warm = pairs(reader, "seq", file, same, "");
      Pairs random = coldPairs(reader, "random", file, same, FEW_READS);
      return new Outcome()
          .with("of native (sequential, cold)", cold.ratio())
          .with("MiB/s (cold)", cold.mounted() / MIB)
          .with("of native (random 4 KiB, cold)", random.ratio())
          .with("reads/s (cold)", random.mounted())
          .with("of native (sequential, warm)", warm.ratio())
          .with("daemon CPU-s a GiB (cold)", perGib);
    }
  }

  /**
   * The kernel has no pages of the mounted file, nor of the cached one behind it unless that lies
   * on tmpfs, which is never cold.
   */
  private static Pairs coldPairs(
      NativeReader reader, String what, Path file, Path same, Object count) throws IOException {
    try (FileChannel written = FileChannel.open(same)) {
      // Pages that wait for the disk are not forgotten.
      written.force(false);
    }
    return Pairs.of(
        () -> {
          reader.run("cold", file);
          reader.run("cold", same);
          return reader.run(what, file, count).rate();
        },
        () -> {
          reader.run("cold", same);
          return reader.run(what, same, count).rate();
        });
  }

  private static Outcome small(Stage stage) throws IOException {
    NativeReader reader = NativeReader.compiled();
    try (Mounted mounted = stage.mount(stage.server(0), "pages")) {
      double first = reader.run("walk", mounted.root()).seconds();
      stage.azcp("prepare", mounted.root().toString());
      Path cache = stage.folder("cache");
      Path here = list(stage, mounted.root(), "mounted.txt");
      Path there = list(stage, cache, "native.txt");
      reader.together(here, 1);
      double cpu = mounted.cpu();
      Pairs open = Pairs.of(() -> reader.together(here, 1), () -> reader.together(there, 1));
      double perFile = (mounted.cpu() - cpu) / 5 / Dataset.of("pages").count() * 1e6;
      // Beside the files the cache folder holds a handful of its own.
      Pairs cold =
          Pairs.of(
              () -> {
                stage.forgetNames();
                return reader.run("walk", mounted.root()).seconds();
              },
              () -> reader.run("walk", cache).seconds());
      reader.run("walk", mounted.root());
      Pairs warm =
          Pairs.of(
              () -> reader.run("walk", mounted.root()).seconds(),
              () -> reader.run("walk", cache).seconds());
      Path file = mounted.root().resolve(Dataset.of("pages").name(0));
      Path same = cache.resolve(Dataset.of("pages").name(0));
      Pairs stat = pairs(reader, "stat", file, same, STATS);
      return new Outcome()
          .with("files/s opened, read, closed", open.mounted())
          .with("of native (open, read, close)", open.ratio())
          .with("daemon CPU-µs a file", perFile)
          .with("s walked (listed by the service)", first)
          .with("s walked (cold)", cold.mounted())
          .with("× native (walk, cold)", cold.ratio())
          .with("s walked (warm)", warm.mounted())
          .with("× native (walk, warm)", warm.ratio())
          .with("of native (stat)", stat.ratio())
          .with("stat/s", stat.mounted())
          .with("MiB daemon", mounted.peak());
    }
  }

  private static Path list(Stage stage, Path root, String name) throws IOException {
    Dataset pages = Dataset.of("pages");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < pages.count(); i++) {
      lines.add(root.resolve(pages.name(i)).toString());
    }
    return Files.write(stage.folder(name), lines);
  }
}
