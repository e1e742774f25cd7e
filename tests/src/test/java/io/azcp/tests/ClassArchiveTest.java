package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class-data archive: made by the first run, used by the next, never in the way. */
class ClassArchiveTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path dir;

  @Test
  void isMadeByTheFirstRunAndUsedByTheNext() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("cache/azcp/cds"));
    // That of a checkout which is gone goes too.
    Files.createFile(folder.resolve("%gone%lib@%gone%jdk@_17.jsa"));
    Checkout.Result first = azcp(Map.of());
    assertThat(first.code()).as(first.toString()).isZero();
    assertThat(first.err()).isEmpty();
    Path archive = made();

    Path classes = dir.resolve("classes.log");
    Checkout.Result second =
        azcp(Map.of("AZCP_JAVA_OPTS", "-Xlog:class+load:file=" + classes + ":none"));
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.startsWith("io.azcp.cli.Azcp ") && line.contains("shared objects"))
        // Its classes of an old format are left out where anything links them beforehand.
        .anyMatch(
            line -> line.startsWith("picocli.CommandLine ") && line.contains("shared objects"))
        .noneMatch(line -> line.startsWith("picocli.") && line.contains(".jar"));

    try (var damaged = new RandomAccessFile(archive.toFile(), "rw")) {
      damaged.setLength(damaged.length() / 2);
    }
    Checkout.Result third = azcp(Map.of());
    assertThat(third.code()).as(third.toString()).isZero();
    assertThat(third.out()).isEqualTo(first.out());
    assertThat(third.err()).isEmpty();
  }

  /** The archive, once nobody is making one any more. */
  private Path made() {
    Path folder = dir.resolve("cache/azcp/cds");
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(names(folder))
                    .filteredOn(name -> !name.equals(".lock"))
                    .singleElement()
                    .matches(name -> name.endsWith(".jsa")));
    return folder.resolve(
        names(folder).stream().filter(name -> name.endsWith(".jsa")).findFirst().orElseThrow());
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private Checkout.Result azcp(Map<String, String> more) {
    var environment = new java.util.HashMap<>(more);
    environment.put("AZCP_ARCHIVE", "1");
    environment.put("XDG_CACHE_HOME", dir.resolve("cache").toString());
    return Checkout.azcp(dir, environment, "--version");
  }
}
