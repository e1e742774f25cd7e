package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two daemons, one of each binding, and now and then a {@code prepare}, that share one cache folder
 * of one container behind a proxy.
 */
final class SharedCache implements AutoCloseable {
  final Lab lab;
  final FaultProxy proxy;
  final RestartedMount kernel;
  final RestartedMount jnr;
  private final Map<String, String> apart;
  private int prepares;

  SharedCache(String limit) throws IOException {
    lab = new Lab();
    proxy = FaultProxy.to(lab.azuriteEndpoint());
    lab.endpoint(proxy.endpoint());
    lab.rule("data", "d", "cache_limit: " + limit);
    kernel = new RestartedMount(lab, "kernel", true);
    jnr = new RestartedMount(lab, "jnr", false);
    apart = new HashMap<>(lab.environment());
    // A prepare that knows of no running mount works on the folder itself.
    Path run = Files.createDirectory(lab.folder.resolve("run-apart"));
    Files.setPosixFilePermissions(
        run, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    apart.put("AZCP_RUNTIME_DIR", run.toString());
  }

  List<RestartedMount> mounts() {
    return List.of(kernel, jnr);
  }

  /** Starts a {@code prepare} of everything, as a process that shares nothing but the folder. */
  Process prepare() throws IOException {
    prepares++;
    return Checkout.start(
        lab.folder,
        apart,
        lab.folder.resolve("prepare-" + prepares + ".out"),
        lab.folder.resolve("prepare-" + prepares + ".err"),
        "prepare",
        "data",
        "--config",
        lab.config().toString());
  }

  /** Drops what is cached of a path and not open. */
  void evict(String path) {
    Checkout.Result result =
        Checkout.azcp(
            lab.folder, apart, "evict", "data/" + path, "--config", lab.config().toString());
    assertThat(result.code()).as(result.toString()).isZero();
  }

  static void kill(Process process) throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
  }

  private Path state() {
    return lab.cache.resolve("data/.azcp");
  }

  /** Files of the cache's own that are neither content nor a map beside its content. */
  List<String> leftovers() throws IOException {
    try (Stream<Path> all = Files.walk(state())) {
      return all.filter(Files::isRegularFile)
          .map(f -> state().relativize(f).toString())
          .filter(f -> !f.matches("partial/[^.]+(\\.map)?") && !f.startsWith("locks/"))
          .sorted()
          .toList();
    }
  }

  /** Data files of partial files. */
  List<String> partials() throws IOException {
    try (Stream<Path> all = Files.list(state().resolve("partial"))) {
      return all.map(f -> f.getFileName().toString()).filter(f -> !f.contains(".")).toList();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      lab.close();
    } finally {
      proxy.close();
    }
  }
}
