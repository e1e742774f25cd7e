package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.bench.Dataset;
import io.azcp.bench.StandIn;
import io.azcp.nodes.Job;
import io.azcp.nodes.Launcher;
import io.azcp.nodes.Nodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** {@code azcp cluster} over three nodes with a disk each, started as users start it. */
class ClusterNodesTest {
  private static final int RANKS = 3;
  private static final Dataset DATA = Dataset.of("nodes");
  private static final long BYTES = DATA.count() * DATA.size();

  @Test
  void allNodesGetTheSameAndTheServiceIsReadOnce() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          try (Store store = new Store(nodes)) {
            Job.Ended filled = fill(launcher, nodes, nodes.names(), store, "--verify");
            assertThat(filled.code()).as(filled.toString()).isZero();
            assertThat(filled.out().lines().map(line -> line.replaceAll("[ T].*", "")))
                .containsExactly(
                    "[list]",
                    "[diff]",
                    "[download]",
                    "[bcast]",
                    "[verify]",
                    "[filelist]",
                    "[total]");
            assertThat(store.bytes()).isEqualTo(BYTES);
            assertAllWhole(nodes);

            Job.Ended again = fill(launcher, nodes, nodes.names(), store, "--compare", "size");
            assertThat(again.code()).as(again.toString()).isZero();
            assertThat(again.out()).contains("[diff] 0 to transfer, 12 skipped");
            assertThat(store.bytes()).isEqualTo(BYTES);
          }
        });
  }

  @Test
  void twoRanksOnANodeAreRefused() throws Exception {
    EachLauncher.over(
        2,
        (launcher, nodes) -> {
          try (Store store = new Store(nodes)) {
            Job.Ended ended = fill(launcher, nodes, List.of("node1", "node2", "node2"), store);
            assertThat(ended.code()).as(ended.toString()).isEqualTo(2);
            assertThat(ended.err()).contains("node2", "2 ranks run on this node");
            assertThat(store.bytes()).isZero();
          }
        });
  }

  @Test
  void afterAKilledRankTheNextRunFetchesWhatIsMissing() throws Exception {
    EachLauncher.over(
        RANKS,
        (launcher, nodes) -> {
          try (Store store = new Store(nodes)) {
            try (Job job =
                start(launcher, nodes, nodes.names(), store, "--max-bandwidth", "1MB/s")) {
              store.awaitBytes();
              ranks(nodes, 2).forEach(ProcessHandle::destroyForcibly);
              Job.Ended killed = job.end();
              assertThat(killed.code()).as(killed.toString()).isNotZero();
              assertThat(killed.out()).doesNotContain("[total]");
            }
            Awaitility.await("all ranks end")
                .atMost(Duration.ofMinutes(1))
                .until(
                    () ->
                        ranks(nodes, 1).isEmpty()
                            && ranks(nodes, 2).isEmpty()
                            && ranks(nodes, 3).isEmpty());
            Job.Ended next = fill(launcher, nodes, nodes.names(), store, "--compare", "size");
            assertThat(next.code()).as(next.toString()).isZero();
            assertAllWhole(nodes);
          }
        });
  }

  /** The JVMs of azcp whose folder for files is this node's. */
  private static List<ProcessHandle> ranks(Nodes nodes, int node) throws IOException {
    Path network = nodes.network(node);
    return ProcessHandle.allProcesses().filter(process -> isRank(process, network)).toList();
  }

  private static boolean isRank(ProcessHandle process, Path network) {
    Path about = Path.of("/proc", Long.toString(process.pid()));
    try {
      return Files.readSymbolicLink(about.resolve("ns/net")).equals(network)
          && Files.readString(about.resolve("cmdline")).contains("io.azcp.cli.Azcp");
    } catch (IOException e) {
      // It has ended meanwhile.
      return false;
    }
  }

  private static Job.Ended fill(
      Launcher launcher, Nodes nodes, List<String> hosts, Store store, String... options)
      throws IOException {
    try (Job job = start(launcher, nodes, hosts, store, options)) {
      return job.end();
    }
  }

  private static Job start(
      Launcher launcher, Nodes nodes, List<String> hosts, Store store, String... options)
      throws IOException {
    List<String> words = new ArrayList<>();
    words.add(Checkout.root().resolve("bin/azcp").toString());
    words.addAll(List.of("cluster", store.url(), nodes.local().resolve("data").toString()));
    words.addAll(List.of("--no-progress", "--bcast-chunk", "1MiB", "--bcast-pipeline", "2"));
    words.addAll(List.of(options));
    Map<String, String> environment =
        Map.of(
            "AZCP_JAVA",
            System.getProperty("java.home") + "/bin/java",
            "AZURE_STORAGE_SAS_TOKEN",
            "sv=2024-11-04&sig=c3RhbmQtaW4%3D");
    return launcher.start(nodes, hosts, environment, words);
  }

  private static void assertAllWhole(Nodes nodes) throws Exception {
    Map<String, String> first = sums(nodes.disk(1).resolve("data"));
    assertThat(first).hasSize(DATA.count());
    for (int node = 2; node <= nodes.count(); node++) {
      assertThat(sums(nodes.disk(node).resolve("data"))).isEqualTo(first);
    }
    // Every blob has another part of the pattern: equal files would be a mix-up.
    assertThat(first.values()).doesNotHaveDuplicates();
  }

  /** SHA-256 of every file, by its path. Nothing but the data set's files may be there. */
  private static Map<String, String> sums(Path folder) throws Exception {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize((int) DATA.size());
        sums.put(
            folder.relativize(file).toString(),
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
      }
    }
    return sums;
  }

  /** A stand-in of the service that all nodes reach, and that counts. */
  private static final class Store implements AutoCloseable {
    private final Nodes nodes;
    private final Path folder;
    private final Job job;
    private final String endpoint;

    Store(Nodes nodes) throws IOException {
      this.nodes = nodes;
      this.folder = Files.createTempDirectory("azcp-store");
      List<String> words = new ArrayList<>();
      words.add(System.getProperty("java.home") + "/bin/java");
      words.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
      words.add("-Dazcp.stand-in.address=" + nodes.storeAddress());
      words.addAll(List.of("-cp", System.getProperty("java.class.path")));
      words.addAll(List.of("io.azcp.bench.StandInServer", folder.toString(), "0ms"));
      job = Job.serve(nodes.insideStore(words), nodes.environment());
      job.awaitOut("\n");
      String port = job.out().split(" ", -1)[0];
      endpoint = "http://" + nodes.storeAddress() + ":" + port + StandIn.ACCOUNT;
    }

    String url() {
      return endpoint + DATA.name() + "/";
    }

    /** Bytes of blobs that it has sent. */
    long bytes() throws IOException {
      List<String> words = List.of("curl", "-s", "--noproxy", "*", endpoint + "counts");
      try (Job asked = Job.start(nodes.insideStore(words), nodes.environment())) {
        return Long.parseLong(asked.end().out().split(" ", -1)[1].strip());
      }
    }

    /** Until some have been sent. */
    void awaitBytes() {
      Awaitility.await("bytes from the service")
          .atMost(Duration.ofMinutes(1))
          .until(() -> bytes() > 0);
    }

    @Override
    public void close() throws IOException {
      job.close();
      try (Stream<Path> all = Files.list(folder)) {
        for (Path file : all.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }
}
