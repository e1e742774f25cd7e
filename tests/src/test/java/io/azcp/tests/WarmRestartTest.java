package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.transfer.blob.FaultProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A mount knows what the one before had listed, without the service; not after a kill. */
class WarmRestartTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private static Map<String, Long> sizes(Path directory) throws IOException {
    Map<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : all.toList()) {
        sizes.put(file.getFileName().toString(), Files.size(file));
      }
    }
    return sizes;
  }

  @Test
  void listingsAndAttributesAreServedWithoutTheService() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      for (int i = 0; i < 30; i++) {
        lab.upload("d/sub/f" + i, "x".repeat(i));
      }
      lab.endpoint(proxy.endpoint());
      lab.rule("data", "d", "attr_ttl: 1h");
      Path sub = lab.mountPoint.resolve("data/sub");
      Path whole = lab.cache.resolve("data/.azcp/index/whole");
      assertThat(lab.mount().code()).isZero();
      Map<String, Long> listed = sizes(sub);
      assertThat(listed).hasSize(30).containsEntry("f17", 17L);
      indexIsOpen(lab);
      assertThat(lab.umount().code()).isZero();
      assertThat(whole).exists();

      assertThat(lab.mount().code()).isZero();
      proxy.refuse();
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(sizes(sub)).isEqualTo(listed));
      assertThat(sub.resolve("none")).doesNotExist();
      assertThat(whole).doesNotExist();
      indexIsOpen(lab);

      lab.killDaemons();
      proxy.forward();
      lab.upload("d/sub/new", "new");
      assertThat(lab.mount().code()).isZero();
      indexIsOpen(lab);
      assertThat(sizes(sub)).as("a killed mount's index is not used").containsKey("new");
      assertThat(lab.umount().code()).isZero();
    }
  }

  /** Its file is there once the library has made or opened it. */
  private static void indexIsOpen(Lab lab) {
    await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(lab.ok("status").out()).containsPattern("index +folder"));
  }

  @Test
  void whatIsTornStopsNoMount() throws Exception {
    try (Lab lab = new Lab()) {
      lab.upload("d/a", "one");
      lab.rule("data", "d");
      Path index = Files.createDirectories(lab.cache.resolve("data/.azcp/index"));
      Files.write(index.resolve("whole"), List.of("1 x 8 0", "torn.map"));
      Files.writeString(index.resolve("torn.map"), "not a map");
      assertThat(lab.mount().code()).isZero();
      indexIsOpen(lab);
      assertThat(Files.readString(lab.mountPoint.resolve("data/a"))).isEqualTo("one");
      assertThat(index.resolve("torn.map")).doesNotExist();
      assertThat(lab.umount().code()).isZero();
    }
  }
}
