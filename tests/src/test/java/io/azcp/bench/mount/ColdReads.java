package io.azcp.bench.mount;

import io.azcp.bench.Dataset;
import io.azcp.bench.StandIn;
import io.azcp.bench.StandIn.Counts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Reads of files that are not cached. */
final class ColdReads {
  private static final int PAGE = 4096;
  private static final double MIB = 1 << 20;
  private static final double MILLION = 1e6;
  private static final int LATENCY = 10;
  private static final int OPENS = 25;
  private static final int READERS = 4;
  private static final long SEED = 4711;
  private static final long SETTLE_MILLIS = 400;

  private ColdReads() {}

  static List<MountRow> rows() {
    return List.of(
        MountRow.of(
            "first-byte",
            "first byte of a 16 GiB file",
            ColdReads::firstByte,
            Demand.most("requests", 3),
            Demand.most("MiB fetched", 1)),
        MountRow.of(
            "first-4k",
            "first 4 KiB of cold 1 GiB files",
            ColdReads::firstPage,
            Demand.most("ms (median)", 10)),
        MountRow.of(
            "random-4k",
            "2,000 random 4 KiB reads in 16 GiB, 16 threads, 10 ms latency",
            ColdReads::random,
            Demand.most("bytes fetched a byte read", 16),
            Demand.least("reads/s", 1000)),
        MountRow.of(
            "seq-1g",
            "sequential read of 1 GiB, against `azcp copy`",
            ColdReads::sequential,
            Demand.least("of azcp copy", 0.8)),
        MountRow.of(
            "shuffled",
            "20,000×16 KiB in a shuffled order, 4 processes, 10 ms latency",
            ColdReads::shuffled,
            Demand.least("files/s", 1000)),
        MountRow.of(
            "ordered",
            "the same after `prepare --background --order`, beside one file at a time",
            ColdReads::ordered,
            Demand.least("× one at a time", 10)));
  }

  private static FileChannel open(Mounted mounted, String dataset, int blob) throws IOException {
    return FileChannel.open(mounted.root().resolve(Dataset.of(dataset).name(blob)));
  }

  private static Outcome with(Outcome outcome, Mounted mounted, double cpuBefore)
      throws IOException {
    return outcome
        .with("daemon CPU-s", mounted.cpu() - cpuBefore)
        .with("MiB daemon", mounted.peak());
  }

  private static Outcome firstByte(Stage stage) throws IOException {
    StandIn server = stage.server(0);
    try (Mounted mounted = stage.mount(server, "huge")) {
      double cpu = mounted.cpu();
      Counts before = server.counts();
      try (FileChannel file = open(mounted, "huge", 0)) {
        long start = System.nanoTime();
        file.read(ByteBuffer.allocateDirect(1), 0);
        double millis = (System.nanoTime() - start) / MILLION;
        // What is fetched behind the reader's back counts too.
        settle();
        Counts served = server.counts().since(before);
        return with(
            new Outcome()
                .with("requests", (double) served.requests())
                .with("MiB fetched", served.bytes() / MIB)
                .with("ms", millis),
            mounted,
            cpu);
      }
    }
  }

  static void settle() throws IOException {
    try {
      Thread.sleep(SETTLE_MILLIS);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static Outcome firstPage(Stage stage) throws IOException {
    try (Mounted mounted = stage.mount(stage.server(0), "cold")) {
      double cpu = mounted.cpu();
      List<Double> millis = new ArrayList<>();
      ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
      for (int i = 0; i < OPENS; i++) {
        long start = System.nanoTime();
        try (FileChannel file = open(mounted, "cold", i)) {
          file.read(page.clear(), 0);
        }
        millis.add((System.nanoTime() - start) / MILLION);
        settle();
      }
      List<Double> sorted = millis.stream().sorted().toList();
      return with(
          new Outcome()
              .with("ms (first after the mount)", millis.get(0))
              .with("ms (median)", sorted.get(OPENS / 2))
              .with(
                  "ms (slowest of the others)", millis.stream().skip(1).max(Double::compare).get()),
          mounted,
          cpu);
    }
  }

  private static Outcome random(Stage stage) throws IOException {
    int threads = 16;
    int reads = 2000;
    StandIn server = stage.server(LATENCY);
    try (Mounted mounted = stage.mount(server, "huge");
        FileChannel file = open(mounted, "huge", 1)) {
      double cpu = mounted.cpu();
      Counts before = server.counts();
      long start = System.nanoTime();
      together(threads, t -> readPages(file, reads / threads, new Random(t)));
      double seconds = (System.nanoTime() - start) / 1e9;
      settle();
      Counts served = server.counts().since(before);
      return with(
          new Outcome()
              .with("bytes fetched a byte read", (double) served.bytes() / reads / PAGE)
              .with("reads/s", reads / seconds)
              .with("requests", (double) served.requests()),
          mounted,
          cpu);
    }
  }

  private static void readPages(FileChannel file, int reads, Random random) throws IOException {
    ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
    int pages = Math.toIntExact(file.size() / PAGE);
    for (int i = 0; i < reads; i++) {
      file.read(page.clear(), (long) random.nextInt(pages) * PAGE);
    }
  }

  /** What one of several threads does. */
  private interface Part {
    void run(int number) throws IOException;
  }

  private static void together(int threads, Part part) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<CompletableFuture<Void>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        parts.add(
            CompletableFuture.runAsync(
                () -> {
                  try {
                    part.run(number);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                },
                pool));
      }
      parts.forEach(CompletableFuture::join);
    } finally {
      pool.shutdown();
    }
  }

  private static Outcome sequential(Stage stage) throws IOException {
    StandIn server = stage.server(0);
    Path copied = stage.folder("copied");
    String url = server.endpoint() + "/one/" + Dataset.of("one").name(0);
    double copy = stage.azcp("copy", url, copied.toString());
    Stage.remove(copied);
    try (Mounted mounted = stage.mount(server, "one");
        FileChannel file = open(mounted, "one", 0)) {
      double cpu = mounted.cpu();
      long start = System.nanoTime();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
      long bytes = 0;
      for (int n = 0; n >= 0; n = file.read(buffer.clear())) {
        bytes += n;
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (bytes != Dataset.of("one").size()) {
        throw new IOException("read " + bytes + " bytes");
      }
      return with(
          new Outcome()
              .with("MiB/s", bytes / MIB / seconds)
              .with("of azcp copy", copy / seconds)
              .with("s of azcp copy", copy),
          mounted,
          cpu);
    }
  }

  private static Outcome shuffled(Stage stage) throws IOException {
    return shuffled(stage, false);
  }

  private static Outcome ordered(Stage stage) throws IOException {
    return shuffled(stage, true);
  }

  private static Outcome shuffled(Stage stage, boolean told) throws IOException {
    NativeReader reader = NativeReader.compiled();
    StandIn server = stage.server(LATENCY);
    try (Mounted mounted = stage.mount(server, "small")) {
      Path list = stage.folder("order.txt");
      Files.write(list, shuffledNames(mounted.root()));
      double cpu = mounted.cpu();
      Counts before = server.counts();
      if (told) {
        stage.azcp("prepare", "--background", "--order", list.toString());
      }
      double rate = reader.together(list, READERS);
      Outcome outcome = new Outcome().with("files/s", rate);
      if (told) {
        outcome.with("× one at a time", rate / (READERS * 1000.0 / LATENCY));
      }
      outcome.with("requests", (double) server.counts().since(before).requests());
      return with(outcome, mounted, cpu);
    }
  }

  /** All names, in the order in which the readers together read them. */
  private static List<String> shuffledNames(Path root) {
    Dataset small = Dataset.of("small");
    List<String> names = new ArrayList<>();
    for (int i = 0; i < small.count(); i++) {
      names.add(root.resolve(small.name(i)).toString());
    }
    Collections.shuffle(names, new Random(SEED));
    return names;
  }
}
