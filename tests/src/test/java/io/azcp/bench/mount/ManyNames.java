package io.azcp.bench.mount;

import io.azcp.bench.Dataset;
import io.azcp.bench.StandIn;
import io.azcp.bench.StandIn.Counts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A million names: listed, known when the kernel holds none of them, and known to the next mount.
 */
final class ManyNames {
  private static final double MIB = 1 << 20;

  /** Dentries and inodes, proc(5). */
  private static final String TTL = "--attr-ttl=1h";

  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  private static final long SETTLE_MILLIS = 3000;

  /** An idle daemon has given back its memory by then. */
  private static final long IDLE_MILLIS = 8000;

  private ManyNames() {}

  static List<MountRow> rows() {
    return List.of(
        MountRow.of(
            "names-1m",
            "find -size, 1,000,000 names in 1,000 directories, attr_ttl 1 h, then a restart",
            stage -> run(stage, "million"),
            Demand.most("MiB, none held by the kernel", 350),
            Demand.most("s to ready, warm", 0.8),
            Demand.most("requests, warm", 1)),
        MountRow.of(
            "names-flat",
            "find -size, 1,000,000 names in one directory, attr_ttl 1 h, then a restart",
            stage -> run(stage, "flat"),
            Demand.most("MiB, none held by the kernel", 350),
            Demand.most("requests, warm", 1)));
  }

  private static Outcome run(Stage stage, String container) throws IOException {
    StandIn server = stage.server(0);
    Outcome outcome = new Outcome();
    try (Mounted mounted = stage.mount(server, container, TTL)) {
      double cpu = mounted.cpu();
      Counts before = server.counts();
      outcome.with("s cold", find(mounted, container));
      settle();
      outcome
          .with("requests", (double) server.counts().since(before).requests())
          .with("daemon CPU-s", mounted.cpu() - cpu);
      Files.writeString(DROP_CACHES, "2");
      settle(IDLE_MILLIS);
      outcome
          .with("MiB, none held by the kernel", mounted.resident())
          .with("MiB at most", mounted.peak());
    }
    long start = System.nanoTime();
    try (Mounted mounted = stage.mountAgain(TTL)) {
      outcome.with("s to ready, warm", (System.nanoTime() - start) / 1e9);
      settle();
      Counts before = server.counts();
      outcome
          .with("s warm", find(mounted, container))
          .with("requests, warm", (double) server.counts().since(before).requests());
      Files.writeString(DROP_CACHES, "2");
      settle(IDLE_MILLIS);
      outcome.with("MiB warm", mounted.resident());
    }
    return outcome.with("MiB of the index", stage.size(".azcp/index") / MIB);
  }

  /** Looks at the size of every file; answers the seconds. */
  private static double find(Mounted mounted, String container) throws IOException {
    long start = System.nanoTime();
    Process find =
        new ProcessBuilder(
                "sh", "-c", "find \"$0\" -type f -size +1k | wc -l", mounted.root().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String found = new String(find.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (Integer.parseInt(found.strip()) != Dataset.of(container).count()) {
      throw new IOException("found " + found.strip() + " files");
    }
    return seconds;
  }

  private static void settle() throws IOException {
    settle(SETTLE_MILLIS);
  }

  private static void settle(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }
}
