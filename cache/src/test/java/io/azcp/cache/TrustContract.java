package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which files found in a cache folder are trusted: after a restart, a reboot, or somebody else. */
abstract class TrustContract extends CacheContract {
  @Test
  void partialFilesSurviveAReopening() throws IOException {
    byte[] content = content(6, 10 * MIB);
    BlobVersion version = source.put("big", content);
    try (CachedFile file = cache.open("big", version)) {
      Fault.read(file, 5 * MIB, 100);
    }
    cache.close();
    cache = openAgain(options(folder()));
    CachedFile file = open("big", version);
    assertThat(file.present(5 * MIB, 100)).isTrue();
    long before = source.bytesFetched.get();
    assertSame(
        Fault.read(file, 5 * MIB, 100),
        java.util.Arrays.copyOfRange(content, 5 * MIB, 5 * MIB + 100));
    assertThat(source.bytesFetched.get() - before).isZero();
    assertSame(Fault.readAll(file), content);
    assertThat(source.bytesFetched).hasValue(content.length);
  }

  @Test
  void everyWholeFileIsVisitedUnderItsName() throws IOException {
    var expected = new HashMap<String, BlobVersion>();
    for (String name : hellishNames()) {
      byte[] content = name.getBytes(StandardCharsets.UTF_16);
      BlobVersion version = source.put(name, content);
      fetchWhole(name, version);
      expected.put(name, version);
    }
    var seen = new HashMap<String, BlobVersion>();
    cache.forEachWhole(seen::put);
    assertThat(seen).isEqualTo(expected);
    for (String name : expected.keySet()) {
      assertSame(
          Fault.readAll(open(name, expected.get(name))), name.getBytes(StandardCharsets.UTF_16));
    }
  }

  static List<String> hellishNames() {
    return List.of(
        "x%41y",
        "xAy",
        "sp ace",
        "ha#sh",
        "ünï/çødé",
        "trailing ",
        "trailing/",
        "/leading",
        "two//slashes",
        ".azcp/locks/entries",
        "%2Eazcp/locks/entries",
        "./here",
        "../../up",
        "new\nline",
        "tab\tand\\back",
        "日本語/" + "長".repeat(200),
        "n".repeat(300),
        "deep/" + "m".repeat(300) + "/x",
        "😀 emoji");
  }

  @Test
  void aFileInAFoldersPlaceGivesWayAndTheOtherWayRound() throws IOException {
    byte[] file = content(22, 100);
    byte[] below = content(23, 200);
    BlobVersion fileVersion = source.put("a", file);
    BlobVersion belowVersion = source.put("a/b", below);
    fetchWhole("a", fileVersion);
    CachedFile reader = open("a", fileVersion);
    fetchWhole("a/b", belowVersion);
    assertSame(onDisk("a/b"), below);
    assertSame(Fault.readAll(reader), file);
    reader.close();
    CachedFile belowReader = open("a/b", belowVersion);
    // As long as a fetch that is ending has the displaced file open, a new open is of that one.
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              fetchWhole("a", fileVersion);
              return java.nio.file.Files.isRegularFile(Path.of(folder(), CacheNames.path("a")));
            });
    assertSame(onDisk("a"), file);
    assertSame(Fault.readAll(belowReader), below);
    assertThat(cache.isWhole("a/b", belowVersion)).isFalse();
  }

  @Test
  void aForeignFileIsNeverServedEvictedOrOverwritten() throws IOException {
    byte[] content = content(24, 5000);
    BlobVersion version = source.put("d/f", content);
    Path place = Path.of(folder(), "d/f");
    java.nio.file.Files.createDirectories(place.getParent());
    byte[] foreign = content(25, 5000);
    java.nio.file.Files.write(place, foreign);
    assertThat(cache.isWhole("d/f", version)).isFalse();
    assertThat(cache.evict("d/f")).isZero();
    assertSame(Fault.readAll(open("d/f", version)), content);
    assertSame(onDisk("d/f"), content);
    try (var kept = java.nio.file.Files.walk(Path.of(folder(), ".azcp/foreign"))) {
      List<Path> files = kept.filter(java.nio.file.Files::isRegularFile).toList();
      assertThat(files).hasSize(1);
      assertThat(files.get(0).toString()).endsWith("/d/f");
      assertSame(java.nio.file.Files.readAllBytes(files.get(0)), foreign);
    }
  }

  @Test
  void anUnmarkedFileIsAdoptedWhenItsMd5Agrees() throws IOException {
    byte[] content = content(26, 5_000_000);
    BlobVersion version = source.put("old/file", content);
    Path place = Path.of(folder(), "old/file");
    java.nio.file.Files.createDirectories(place.getParent());
    java.nio.file.Files.write(place, content);
    CachedFile file = open("old/file", version);
    assertSame(Fault.readAll(file), content);
    assertThat(source.requests()).isEmpty();
    assertThat(cache.isWhole("old/file", version)).isTrue();
    file.close();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Path.of(folder(), ".azcp/partial")).isEmptyDirectory());
  }

  @Test
  void adoptingNeedsTheMd5() throws IOException {
    byte[] content = content(27, 5000);
    BlobVersion unknown = source.put("f", content, "");
    java.nio.file.Files.write(Path.of(folder(), "f"), content);
    assertThat(cache.adopt("f", unknown)).isFalse();
    BlobVersion known = source.put("f", content);
    assertThat(cache.adopt("f", known)).isTrue();
    assertThat(cache.wholeVersion("f")).contains(known);
  }

  @Test
  void aFileChangedBehindTheCachesBackIsNotServed() throws IOException {
    byte[] content = content(28, 5000);
    BlobVersion version = source.put("f", content);
    fetchWhole("f", version);
    Path place = Path.of(folder(), "f");
    cache.close();
    cache = openAgain(options(folder()));
    place.toFile().setWritable(true);
    java.nio.file.Files.write(place, content(29, 5000));
    assertThat(cache.isWhole("f", version)).isFalse();
    assertSame(Fault.readAll(open("f", version)), content);
  }

  @Test
  void afterARebootOnlyWhatWasSyncedIsTrusted() throws IOException {
    byte[] content = content(42, 5000);
    BlobVersion withMd5 = source.put("with", content);
    BlobVersion without = source.put("without", content, "");
    BlobVersion partial = source.put("partial", content(43, 9 * MIB));
    fetchWhole("with", withMd5);
    fetchWhole("without", without);
    try (CachedFile file = cache.open("partial", partial)) {
      Fault.read(file, 0, 1);
    }
    cache.close();
    cache = openAgain(options(folder()).withBootId("another"));
    assertThat(cache.isWhole("with", withMd5)).isFalse();
    assertThat(cache.isWhole("without", without)).isFalse();
    assertThat(cache.presentBytes("partial", partial)).isZero();
    assertThat(open("partial", partial).presentBytes()).isZero();
    int before = source.requests().size();
    assertSame(Fault.readAll(open("with", withMd5)), content);
    assertThat(source.requests()).hasSize(before);
    assertSame(Fault.readAll(open("without", without)), content);
    assertThat(source.requests()).hasSize(before + 1);
    assertThat(Path.of(folder(), ".azcp/foreign")).isEmptyDirectory();
  }

  @Test
  void aSyncedFileSurvivesAReboot() throws IOException {
    cache.close();
    cache =
        openAgain(
            options(folder())
                .withWaits(java.time.Duration.ofSeconds(10), java.time.Duration.ofMillis(1)));
    byte[] content = content(44, 5000);
    BlobVersion version = source.put("f", content);
    fetchWhole("f", version);
    cache.publish(staged("s", content), "g", version);
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              try (var rebooted =
                  CacheFolder.open(options(folder()).withBootId("another"), source, threads)) {
                assertThat(rebooted.isWhole("f", version)).isTrue();
                assertThat(rebooted.isWhole("g", version)).isTrue();
              }
            });
  }

  @Test
  void anotherIdentitysFilesAreForeign() throws IOException {
    byte[] content = content(45, 500);
    BlobVersion version = source.put("f", content, "");
    fetchWhole("f", version);
    CacheOptions o = options(folder());
    try (var other =
        CacheFolder.open(
            new CacheOptions(
                o.folder(),
                "another container",
                o.limitBytes(),
                false,
                o.forceMarksFolder(),
                o.bootId(),
                o.overrideAfter(),
                o.durableAfter(),
                o.faultBudget()),
            source,
            threads)) {
      assertThat(other.wholeVersion("f")).isEmpty();
    }
    assertThat(cache.wholeVersion("f")).isPresent();
  }
}
