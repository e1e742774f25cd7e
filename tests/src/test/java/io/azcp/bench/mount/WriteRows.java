package io.azcp.bench.mount;

import io.azcp.bench.StandIn;
import io.azcp.bench.TouchedMemory;
import io.azcp.bench.mount.NativeReader.Pairs;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Writes, renames and uploads, each in turn with the same work in a plain folder beside the cache.
 * What is written is removed before the other's turn, and both find memory that was used a moment
 * ago ({@link TouchedMemory}).
 */
final class WriteRows {
  private static final long GIB = 1L << 30;
  private static final double MIB = 1 << 20;
  private static final double NANOS = 1e9;
  private static final double MILLION = 1e6;
  private static final int LATENCY = 10;
  private static final int ROUNDS = 3;
  private static final int SMALL_FILES = 2000;
  private static final int SMALL_BYTES = 16 << 10;
  private static final int SMALL_ROUNDS = 9;
  private static final int RENAMED_FILES = 1000;
  private static final int REPOSITORY_FILES = 1200;
  private static final long POLL_NANOS = 5_000_000;

  /** To tell its state costs the daemon something: seldom enough not to be measured. */
  private static final long IDLE_POLL_NANOS = 50_000_000;

  private static final long INDEX_NANOS = 60_000_000_000L;
  private static final Path TMPFS = Path.of("/dev/shm");
  private static final String HELD = "upload_delay: 1h";

  private WriteRows() {}

  static List<MountRow> rows() {
    return List.of(
        MountRow.of(
            "write-4g",
            "sequential write and close of 4 GiB, as root, beside the native file system",
            WriteRows::large,
            Demand.least("of native", 0.9),
            Demand.most("daemon CPU-s/GiB until the upload", 0.1)),
        MountRow.of(
            "write-small",
            "2,000×16 KiB: create, write, close; again and again on one mount, then kill −9",
            WriteRows::small,
            Demand.least("files/s", 5000),
            Demand.least("of the files there after kill −9", 1)),
        MountRow.of(
            "checkpoint",
            "2 GiB into a temporary name, fsync, rename, beside the native file system",
            WriteRows::checkpoint,
            Demand.most("of native time", 1.1),
            Demand.most("bytes uploaded a byte", 1),
            Demand.most("names in the container a checkpoint", 1)),
        MountRow.of(
            "upload",
            "background upload of 4×512 MiB, in turn with `azcp copy --put-md5`",
            WriteRows::upload,
            Demand.least("of azcp copy", 0.8)),
        MountRow.of(
            "rename-dir",
            "rename of a directory of 1,000 uploaded files, 10 ms latency",
            WriteRows::renameDirectory,
            Demand.most("ms to the caller", 50),
            Demand.most("s until the container shows it", 4)),
        MountRow.of(
            "git-clone",
            "git clone of a repository of 1,200 files, beside the native file system",
            WriteRows::gitClone,
            Demand.most("of native time", 3)));
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS;
  }

  private interface PlacedWork {
    double run(Path folder) throws IOException;
  }

  /** The work in a new folder, which is removed again. */
  private static double in(Path folder, PlacedWork work) throws IOException {
    Files.createDirectories(folder);
    try {
      return work.run(folder);
    } finally {
      Stage.remove(folder);
    }
  }

  /** The work on memory that is touched before, as far as it writes so many bytes. */
  private static PlacedWork touching(long bytes, PlacedWork work) {
    return folder -> {
      TouchedMemory memory = TouchedMemory.in(TMPFS, bytes);
      try {
        return work.run(folder);
      } finally {
        memory.close();
      }
    };
  }

  /** The work in a plain folder of the disk that holds the cache. */
  private static double natively(Stage stage, PlacedWork work) throws IOException {
    return in(stage.folder("native"), work);
  }

  // ---- what the daemon has left to do

  private static Message ask(Mounted mounted, String op, Message arguments) throws IOException {
    try (ControlClient client = ControlClient.connect(mounted.socket().toString())) {
      return client.call(op, arguments, ControlClient.ProgressLine.NONE);
    }
  }

  private static double flush(Mounted mounted) throws IOException {
    return seconds(
        () -> {
          Message left = ask(mounted, "flush", Message.empty());
          if (!left.flag("complete")) {
            throw new IOException("not uploaded: " + left.json());
          }
        });
  }

  private static void awaitIdle(Mounted mounted) throws IOException {
    while (operations(mounted) > 0) {
      LockSupport.parkNanos(IDLE_POLL_NANOS);
    }
  }

  private static long operations(Mounted mounted) throws IOException {
    long operations = 0;
    for (Message rule : rules(mounted)) {
      operations += rule.number("operations");
    }
    return operations;
  }

  private static List<Message> rules(Mounted mounted) throws IOException {
    List<Message> rules = new ArrayList<>();
    for (Message mount : ask(mounted, "status", Message.empty()).objects("mounts")) {
      rules.addAll(mount.objects("rules"));
    }
    return rules;
  }

  private static boolean opensIndex(Mounted mounted) throws IOException {
    for (Message rule : rules(mounted)) {
      if (rule.text("index").equals("opening")) {
        return true;
      }
    }
    return false;
  }

  /** The index that a daemon opens once, some seconds after the mount, is there. */
  private static void awaitIndex(Mounted mounted) throws IOException {
    long deadline = System.nanoTime() + INDEX_NANOS;
    while (opensIndex(mounted)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("the index was not opened in time");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    ColdReads.settle();
  }

  // ---- the rows

  private static Outcome large(Stage stage) throws IOException {
    NativeReader writer = NativeReader.compiled();
    PlacedWork work =
        touching(4 * GIB, folder -> writer.run("write", folder.resolve("big"), 4 * GIB).rate());
    try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
      awaitIndex(mounted);
      double[] used = {0};
      Pairs rates =
          Pairs.of(
              ROUNDS,
              () ->
                  in(
                      mounted.root().resolve("d"),
                      folder -> {
                        double cpu = mounted.cpu();
                        double rate = work.run(folder);
                        used[0] += mounted.cpu() - cpu;
                        return rate;
                      }),
              () -> natively(stage, work));
      return new Outcome()
          .with("of native", rates.ratio())
          .with("MiB/s", rates.mounted() / MIB)
          .with("MiB/s natively", rates.natively() / MIB)
          .with("daemon CPU-s/GiB until the upload", used[0] / (4 * ROUNDS));
    }
  }

  private static Outcome small(Stage stage) throws IOException {
    NativeReader writer = NativeReader.compiled();
    PlacedWork work = folder -> writer.run("make", folder, SMALL_FILES, SMALL_BYTES).rate();
    double synced =
        natively(stage, f -> writer.run("make", f, SMALL_FILES, SMALL_BYTES, "sync").rate());
    try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
      double first = work.run(Files.createDirectory(mounted.root().resolve("first")));
      awaitIndex(mounted);
      double cpu = mounted.cpu();
      int[] rounds = {0};
      Pairs rates =
          Pairs.of(
              SMALL_ROUNDS,
              () -> work.run(Files.createDirectory(mounted.root().resolve("d" + ++rounds[0]))),
              () -> natively(stage, work));
      double used = mounted.cpu() - cpu;
      mounted.kill();
      double all = SMALL_FILES * (SMALL_ROUNDS + 1.0);
      double there = 0;
      try (Mounted again = stage.mountAgain()) {
        there = whole(again.root());
      }
      return new Outcome()
          .with("files/s", rates.mounted())
          .with("files/s, the first 2,000 after the mount", first)
          .with("files/s natively", rates.natively())
          .with("files/s natively with fsync", synced)
          .with("daemon CPU-µs a file", used / (SMALL_FILES * SMALL_ROUNDS) * MILLION)
          .with("of the files there after kill −9", there / all);
    }
  }

  /** How many files below a folder have the length of those that were made. */
  private static long whole(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toFile().length() == SMALL_BYTES)
          .filter(Files::isRegularFile)
          .count();
    }
  }

  private static double save(NativeReader writer, Path folder, String name) throws IOException {
    Path temporary = folder.resolve(name + ".tmp");
    double written = writer.run("write", temporary, 2 * GIB, "sync").seconds();
    Path to = folder.resolve(name);
    return written + seconds(() -> Files.move(temporary, to, StandardCopyOption.ATOMIC_MOVE));
  }

  private static Outcome checkpoint(Stage stage) throws IOException {
    NativeReader writer = NativeReader.compiled();
    StandIn server = stage.server(0);
    PlacedWork plain = touching(2 * GIB, folder -> save(writer, folder, "model.pt"));
    // One name a run, because the stand-in counts those of all runs.
    String run = "model-" + System.nanoTime() + "-";
    try (Mounted mounted = stage.mount(server, "uploads")) {
      StandIn.Counts before = server.counts();
      int[] rounds = {0};
      Pairs times =
          Pairs.of(
              ROUNDS,
              () -> {
                String name = run + ++rounds[0] + ".pt";
                PlacedWork saved = touching(2 * GIB, folder -> save(writer, folder, name));
                double here = saved.run(mounted.root());
                flush(mounted);
                Files.delete(mounted.root().resolve(name));
                return here;
              },
              () -> natively(stage, plain));
      awaitIdle(mounted);
      StandIn.Counts served = server.counts().since(before);
      return new Outcome()
          .with("of native time", times.ratio())
          .with("s", times.mounted())
          .with("s natively", times.natively())
          .with("bytes uploaded a byte", served.uploaded() / (2.0 * GIB * ROUNDS))
          .with("names in the container a checkpoint", (double) served.names() / ROUNDS);
    }
  }

  private static double fourFiles(NativeReader writer, Path folder) throws IOException {
    for (int i = 0; i < 4; i++) {
      writer.run("write", folder.resolve("part-" + i), GIB / 2);
    }
    return 0;
  }

  private static Outcome upload(Stage stage) throws IOException {
    NativeReader writer = NativeReader.compiled();
    StandIn server = stage.server(0);
    String to = server.endpoint() + "/uploads/copy";
    try (Mounted mounted = stage.mount(server, "uploads", List.of(HELD))) {
      double[] used = {0};
      Pairs times =
          Pairs.of(
              ROUNDS,
              () ->
                  in(
                      mounted.root().resolve("d"),
                      folder -> {
                        fourFiles(writer, folder);
                        double cpu = mounted.cpu();
                        double here = flush(mounted);
                        used[0] += mounted.cpu() - cpu;
                        return here;
                      }),
              () ->
                  natively(
                      stage,
                      folder -> {
                        fourFiles(writer, folder);
                        return stage.azcp("copy", "-r", "--put-md5", folder.toString(), to);
                      }));
      return new Outcome()
          .with("of azcp copy", 1 / times.ratio())
          .with("MiB/s", 2048 / times.mounted())
          .with("MiB/s of azcp copy, with its start", 2048 / times.natively())
          .with("daemon CPU-s/GiB", used[0] / (2 * ROUNDS))
          .with("MiB daemon", mounted.peak());
    }
  }

  private static Outcome renameDirectory(Stage stage) throws IOException {
    StandIn server = stage.server(LATENCY);
    try (Mounted mounted = stage.mount(server, "uploads", List.of(HELD))) {
      Path from = Files.createDirectory(mounted.root().resolve("epoch-1"));
      for (int i = 0; i < RENAMED_FILES; i++) {
        Files.writeString(from.resolve("shard-" + i), "shard " + i);
      }
      flush(mounted);
      StandIn.Counts before = server.counts();
      Path to = mounted.root().resolve("final");
      long start = System.nanoTime();
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      double caller = (System.nanoTime() - start) / MILLION;
      awaitIdle(mounted);
      double all = (System.nanoTime() - start) / NANOS;
      StandIn.Counts served = server.counts().since(before);
      if (served.names() < RENAMED_FILES || served.live() > 1) {
        throw new IOException("the container was not told of the rename: " + served);
      }
      Stage.remove(to);
      flush(mounted);
      return new Outcome()
          .with("ms to the caller", caller)
          .with("s until the container shows it", all)
          .with("requests", (double) served.requests());
    }
  }

  private static void repository(Path place) throws IOException {
    var random = new Random(3);
    for (int i = 0; i < REPOSITORY_FILES; i++) {
      Path folder = Files.createDirectories(place.resolve("module" + i % 40 + "/src"));
      StringBuilder text = new StringBuilder();
      for (int line = random.nextInt(200); line >= 0; line--) {
        text.append("line ").append(random.nextLong()).append('\n');
      }
      Files.writeString(folder.resolve("File" + i + ".java"), text);
    }
    git(place, "init", "-q");
    git(place, "add", ".");
    git(place, "-c", "user.name=n", "-c", "user.email=n@localhost", "commit", "-q", "-m", "all");
  }

  private static void git(Path folder, String... words) throws IOException {
    var command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(words));
    Process git = new ProcessBuilder(command).inheritIO().start();
    if (Stage.await(git) != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private static double cloned(Path folder, String url) throws IOException {
    return seconds(() -> git(folder, "clone", "-q", url, "clone"));
  }

  private static Outcome gitClone(Stage stage) throws IOException {
    Path source = Files.createDirectories(stage.folder("repository"));
    try {
      repository(source);
      String url = "file://" + source;
      // Once before, so that both find the repository in the page cache.
      natively(stage, folder -> cloned(folder, url));
      try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
        List<Double> first = new ArrayList<>();
        Pairs times =
            Pairs.of(
                ROUNDS,
                () -> {
                  double here = in(mounted.root().resolve("d"), folder -> cloned(folder, url));
                  first.add(here);
                  return here;
                },
                () -> natively(stage, folder -> cloned(folder, url)));
        return new Outcome()
            .with("of native time", times.ratio())
            .with("s", times.mounted())
            .with("s, the first after the mount", first.get(0))
            .with("s natively", times.natively());
      }
    } finally {
      Stage.remove(source);
    }
  }
}
