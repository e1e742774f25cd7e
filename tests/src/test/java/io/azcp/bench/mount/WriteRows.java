package io.azcp.bench.mount;

import io.azcp.bench.StandIn;
import io.azcp.fs.mount.control.ControlClient;
import io.azcp.fs.mount.control.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Writes, renames and uploads, each beside the same work in a folder of the same disk. */
final class WriteRows {
  private static final int CHUNK = 1 << 20;
  private static final long GIB = 1L << 30;
  private static final double NANOS = 1e9;
  private static final double MILLION = 1e6;
  private static final int LATENCY = 10;
  private static final int SMALL_FILES = 2000;
  private static final int SMALL_BYTES = 16 << 10;
  private static final int RENAMED_FILES = 1000;
  private static final int REPOSITORY_FILES = 1200;
  private static final long POLL_NANOS = 5_000_000;
  private static final String HELD = "upload_delay: 1h";

  private WriteRows() {}

  static List<MountRow> rows() {
    return List.of(
        MountRow.of(
            "write-4g",
            "sequential write and close of 4 GiB, against the disk itself",
            WriteRows::large,
            Demand.least("of native", 0.9),
            Demand.most("daemon CPU-s/GiB until close", 0.1)),
        MountRow.of(
            "write-small",
            "2,000×16 KiB: create, write, close",
            WriteRows::small,
            Demand.least("files/s", 5000)),
        MountRow.of(
            "checkpoint",
            "2 GiB into a temporary name, fsync, rename, against the disk itself",
            WriteRows::checkpoint,
            Demand.most("of native time", 1.1),
            Demand.most("requests for 4 MiB", 1.02)),
        MountRow.of(
            "upload",
            "background upload of 4×512 MiB, against `azcp copy --put-md5`",
            WriteRows::upload,
            Demand.least("of azcp copy", 0.8)),
        MountRow.of(
            "rename-dir",
            "rename of a directory of 1,000 uploaded files, 10 ms latency",
            WriteRows::renameDirectory,
            Demand.most("ms to the caller", 50),
            Demand.most("s until the service has it", 4)),
        MountRow.of(
            "git-clone",
            "git clone of a repository of 1,200 files, against the disk itself",
            WriteRows::gitClone,
            Demand.most("of native time", 3)));
  }

  // ---- what is written

  private static void write(Path file, long bytes, boolean sync) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    var random = new byte[CHUNK];
    new Random(7).nextBytes(random);
    chunk.put(random);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long left = bytes; left > 0; left -= chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK, left));
        while (chunk.hasRemaining()) {
          out.write(chunk);
        }
      }
      if (sync) {
        out.force(true);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / NANOS;
  }

  /** The same work in a plain folder of the disk that holds the cache, which is emptied again. */
  private static double natively(Stage stage, PlacedWork work) throws IOException {
    Path folder = Files.createDirectories(stage.folder("native"));
    try {
      return seconds(() -> work.run(folder));
    } finally {
      Stage.remove(folder);
    }
  }

  private interface PlacedWork {
    void run(Path folder) throws IOException;
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
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private static long operations(Mounted mounted) throws IOException {
    Message status = ask(mounted, "status", Message.empty());
    long operations = 0;
    for (Message mount : status.objects("mounts")) {
      for (Message rule : mount.objects("rules")) {
        operations += rule.number("operations");
      }
    }
    return operations;
  }

  // ---- the rows

  private static Outcome large(Stage stage) throws IOException {
    double plain = natively(stage, folder -> write(folder.resolve("big"), 4 * GIB, false));
    try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
      double cpu = mounted.cpu();
      double here = seconds(() -> write(mounted.root().resolve("big"), 4 * GIB, false));
      double used = mounted.cpu() - cpu;
      return new Outcome()
          .with("of native", plain / here)
          .with("MiB/s", 4096 / here)
          .with("daemon CPU-s/GiB until close", used / 4);
    }
  }

  private static void smallFiles(Path folder) throws IOException {
    byte[] content = new byte[SMALL_BYTES];
    new Random(1).nextBytes(content);
    for (int i = 0; i < SMALL_FILES; i++) {
      Files.write(folder.resolve("f" + i), content, StandardOpenOption.CREATE_NEW);
    }
  }

  private static Outcome small(Stage stage) throws IOException {
    double plain = natively(stage, WriteRows::smallFiles);
    try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
      Path folder = Files.createDirectory(mounted.root().resolve("d"));
      double cpu = mounted.cpu();
      double here = seconds(() -> smallFiles(folder));
      return new Outcome()
          .with("files/s", SMALL_FILES / here)
          .with("files/s natively", SMALL_FILES / plain)
          .with("daemon CPU-s", mounted.cpu() - cpu);
    }
  }

  private static void save(Path folder) throws IOException {
    Path temporary = folder.resolve("model.tmp");
    write(temporary, 2 * GIB, true);
    Files.move(temporary, folder.resolve("model.pt"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Outcome checkpoint(Stage stage) throws IOException {
    double plain = natively(stage, WriteRows::save);
    StandIn server = stage.server(0);
    try (Mounted mounted = stage.mount(server, "uploads")) {
      // The listing of the root is no part of the upload.
      Files.exists(mounted.root().resolve("model.pt"));
      long before = server.counts().requests();
      double here = seconds(() -> save(mounted.root()));
      flush(mounted);
      double requests = server.counts().requests() - before;
      return new Outcome()
          .with("of native time", here / plain)
          .with("s", here)
          .with("s natively", plain)
          .with("requests for 4 MiB", requests / (2 * GIB / (4L << 20)));
    }
  }

  private static void fourFiles(Path folder) throws IOException {
    for (int i = 0; i < 4; i++) {
      write(folder.resolve("part-" + i), GIB / 2, false);
    }
  }

  private static Outcome upload(Stage stage) throws IOException {
    StandIn server = stage.server(0);
    Path plain = Files.createDirectories(stage.folder("native"));
    double copied;
    try {
      fourFiles(plain);
      copied =
          stage.azcp(
              "copy", "-r", "--put-md5", plain.toString(), server.endpoint() + "/uploads/copy");
    } finally {
      Stage.remove(plain);
    }
    try (Mounted mounted = stage.mount(server, "uploads", List.of(HELD))) {
      fourFiles(mounted.root());
      double cpu = mounted.cpu();
      double here = flush(mounted);
      return new Outcome()
          .with("of azcp copy", copied / here)
          .with("MiB/s", 2048 / here)
          .with("MiB/s of azcp copy, with its start", 2048 / copied)
          .with("daemon CPU-s/GiB", (mounted.cpu() - cpu) / 2)
          .with("MiB daemon", mounted.peak());
    }
  }

  private static Outcome renameDirectory(Stage stage) throws IOException {
    try (Mounted mounted = stage.mount(stage.server(LATENCY), "uploads", List.of(HELD))) {
      Path from = Files.createDirectory(mounted.root().resolve("epoch-1"));
      for (int i = 0; i < RENAMED_FILES; i++) {
        Files.writeString(from.resolve("shard-" + i), "shard " + i);
      }
      flush(mounted);
      Path to = mounted.root().resolve("final");
      long start = System.nanoTime();
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      double caller = (System.nanoTime() - start) / MILLION;
      awaitIdle(mounted);
      double all = (System.nanoTime() - start) / NANOS;
      return new Outcome().with("ms to the caller", caller).with("s until the service has it", all);
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
    var command = new java.util.ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(words));
    Process git = new ProcessBuilder(command).inheritIO().start();
    if (Stage.await(git) != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  private static Outcome gitClone(Stage stage) throws IOException {
    Path source = Files.createDirectories(stage.folder("repository"));
    try {
      repository(source);
      String url = "file://" + source;
      // Once before, so that both find the repository in the page cache.
      natively(stage, folder -> git(folder, "clone", "-q", url, "clone"));
      double plain = natively(stage, folder -> git(folder, "clone", "-q", url, "clone"));
      try (Mounted mounted = stage.mount(stage.server(0), "uploads", List.of(HELD))) {
        double here = seconds(() -> git(mounted.root(), "clone", "-q", url, "clone"));
        return new Outcome()
            .with("of native time", here / plain)
            .with("s", here)
            .with("s natively", plain);
      }
    } finally {
      Stage.remove(source);
    }
  }
}
