package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What leaves a cache folder, what stays, and what a full one does. */
abstract class EvictionContract extends CacheContract {
  /** Fetches end a moment after the last waiter was answered. */
  private static long eventually(java.util.concurrent.Callable<Long> evict) {
    return org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(evict, freed -> freed > 0);
  }

  @Test
  void evictingFreesWholeAndPartialFilesThatAreNotOpen() throws IOException {
    BlobVersion whole = source.put("d/whole", content(20, MIB));
    BlobVersion partial = source.put("partial", content(21, 9 * MIB));
    fetchWhole("d/whole", whole);
    CachedFile open = open("d/whole", whole);
    assertThat(cache.evict("d/whole")).isZero();
    open.close();
    assertThat(eventually(() -> cache.evict("d/whole"))).isGreaterThanOrEqualTo(MIB);
    assertThat(Path.of(folder(), "d")).doesNotExist();
    try (CachedFile file = cache.open("partial", partial)) {
      Fault.read(file, 0, 1);
      assertThat(cache.evict("partial")).isZero();
    }
    eventually(() -> cache.evict("partial"));
    assertThat(cache.presentBytes("partial", partial)).isZero();
    assertThat(cache.usage().wholeBytes()).isZero();
    assertThat(cache.usage().partialFiles()).isZero();
    assertThat(cache.usage().partialBytes()).isZero();
  }

  /** What an eviction told, in words. */
  private List<String> evictTree(String name, boolean pinnedToo) throws IOException {
    List<String> told = new ArrayList<>();
    cache.evict(
        name,
        pinnedToo,
        new Cache.EvictionListener() {
          @Override
          public void freed(String file, long bytes) {
            assertThat(bytes).isPositive();
            told.add(file + " freed");
          }

          @Override
          public void kept(String file, Cache.Kept why) {
            told.add(file + " " + why);
          }
        });
    return told;
  }

  @Test
  void aTreeIsEvictedAndWhatStaysIsToldWithTheReason() throws IOException {
    var versions = new HashMap<String, BlobVersion>();
    for (String name : List.of("d/a", "d/b/c", "d/open", "d/pinned", "dd", "d%/x")) {
      versions.put(name, source.put(name, content(50, 20_000)));
      fetchWhole(name, versions.get(name));
    }
    BlobVersion part = source.put("d/part", content(51, 9 * MIB));
    BlobVersion pinnedPart = source.put("d/pinnedpart", content(52, 9 * MIB));
    for (var partial : java.util.Map.of("d/part", part, "d/pinnedpart", pinnedPart).entrySet()) {
      try (CachedFile file = cache.open(partial.getKey(), partial.getValue())) {
        Fault.read(file, 0, 1);
      }
    }
    quiet();
    CachedFile open = open("d/open", versions.get("d/open"));
    cache.pin("d/pinned");
    cache.pin("d/pinnedpart");
    assertThat(evictTree("d", false))
        .containsExactlyInAnyOrder(
            "d/a freed",
            "d/b/c freed",
            "d/part freed",
            "d/open OPEN",
            "d/pinned PINNED",
            "d/pinnedpart PINNED");
    assertSame(Fault.readAll(open), content(50, 20_000));
    assertThat(evictTree("d/pinned", true)).containsExactly("d/pinned freed");
    assertThat(cache.isWhole("dd", versions.get("dd"))).isTrue();
    assertThat(evictTree("", true))
        .containsExactlyInAnyOrder("dd freed", "d%/x freed", "d/open OPEN", "d/pinnedpart freed");
    assertThat(cache.usage().partialBytes()).isZero();
    assertThat(cache.usage().wholeFiles()).isEqualTo(1);
    assertThat(evictTree("nothing/here", true)).isEmpty();
  }

  @Test
  void pinsOutliveRestartsVersionsAndRenamesUntilTheyAreLetGo() throws IOException {
    BlobVersion version = source.put("d/f", content(53, 5000));
    cache.pin("d/f");
    fetchWhole("d/f", version);
    quiet();
    cache.close();
    cache = openAgain(options(folder()).withBootId("another"));
    assertThat(cache.pinned("d/f")).isTrue();
    BlobVersion next = source.put("d/f", content(54, 6000));
    fetchWhole("d/f", next);
    quiet();
    assertThat(evictTree("d/f", false)).containsExactly("d/f PINNED");
    var moved = new BlobVersion("0xmoved", 6000, 1_900_000_000_000L, next.contentMd5());
    cache.move("d/f", next, "e/g", moved);
    assertThat(cache.pinned("d/f")).isFalse();
    assertThat(evictTree("e", false)).containsExactly("e/g PINNED");
    assertThat(cache.unpin("e")).isEqualTo(1);
    assertThat(cache.unpin("e")).isZero();
    assertThat(evictTree("e", false)).containsExactly("e/g freed");
  }

  @Test
  void whatAKilledEvictionLeftIsNeitherServedNorForeign() throws IOException {
    byte[] content = content(55, 5000);
    BlobVersion version = source.put("f", content, "");
    fetchWhole("f", version);
    quiet();
    cache.close();
    cache = openAgain(options(folder()));
    java.nio.file.Files.setPosixFilePermissions(
        Path.of(folder(), "f"),
        java.nio.file.attribute.PosixFilePermissions.fromString("r-x------"));
    assertThat(cache.isWhole("f", version)).isFalse();
    int before = source.requests().size();
    assertSame(Fault.readAll(open("f", version)), content);
    assertThat(source.requests()).hasSize(before + 1);
    assertThat(cache.isWhole("f", version)).isTrue();
  }

  // semantics: cache-full
  @Test
  void theLimitEvictsTheLeastRecentlyUsed() throws IOException {
    cache.close();
    cache = openAgain(options(folder()).withLimit(5 * MIB));
    BlobVersion[] versions = new BlobVersion[8];
    for (int i = 0; i < 4; i++) {
      versions[i] = source.put("f" + i, content(30 + i, MIB));
      fetchWhole("f" + i, versions[i]);
      // A fetch holds its file a moment longer than its waiter; times of use are to differ.
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .pollDelay(Duration.ofMillis(20))
          .until(threads::idle);
    }
    CachedFile open = open("f0", versions[0]);
    for (int i = 4; i < 6; i++) {
      versions[i] = source.put("f" + i, content(30 + i, MIB));
      fetchWhole("f" + i, versions[i]);
    }
    assertThat(cache.isWhole("f0", versions[0])).as("open").isTrue();
    assertThat(cache.isWhole("f1", versions[1])).as("the oldest that is not open").isFalse();
    assertThat(cache.isWhole("f3", versions[3])).isTrue();
    assertThat(cache.isWhole("f5", versions[5])).isTrue();
    assertThat(cache.usage().wholeBytes()).isLessThanOrEqualTo(5 * MIB);
    assertSame(Fault.readAll(open), content(30, MIB));
  }

  private static byte[] readPast(CachedFile file, long offset, int length) throws IOException {
    var answer = new java.util.concurrent.CompletableFuture<byte[]>();
    file.readPast(
        offset,
        length,
        new CachedFile.PastListener() {
          @Override
          public void bytes(java.nio.ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            answer.complete(bytes);
          }

          @Override
          public void failed(AzcpException reason) {
            answer.completeExceptionally(reason);
          }
        });
    try {
      return answer.get(60, java.util.concurrent.TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw (IOException) e.getCause();
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  // semantics: cache-full
  @Test
  void nothingToEvictIsOneClearNoSpace() throws IOException {
    cache.close();
    cache = openAgain(options(folder()).withLimit(2 * MIB));
    byte[] content = content(40, 2 * MIB - 65_536);
    BlobVersion version = source.put("f", content);
    CachedFile file = open("f", version);
    Fault.readAll(file);
    BlobVersion other = source.put("g", content(41, MIB));
    CachedFile refused = open("g", other);
    assertThatThrownBy(() -> Fault.readAll(refused))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC))
        .hasMessageContaining("limit of 2097152 bytes");
    byte[] past = content(41, MIB);
    for (int at = 0; at < MIB; at += 100_000) {
      int length = Math.min(100_000, MIB - at);
      assertSame(
          readPast(refused, at, length), java.util.Arrays.copyOfRange(past, at, at + length));
    }
    assertSame(readPast(refused, 77, 5000), java.util.Arrays.copyOfRange(past, 77, 5077));
    assertThat(refused.presentBytes()).isZero();
    source.put("g", past);
    assertThatThrownBy(() -> readPast(refused, 0, 10))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
    assertSame(Fault.readAll(file), content);
  }

  private static long bytesBelow(Path folder) throws IOException {
    try (var files = java.nio.file.Files.walk(folder)) {
      long sum = 0;
      for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList()) {
        sum += 512 * io.azcp.base.posix.Files.lstat(file.toString()).blocks();
      }
      return sum;
    }
  }

  private List<String> held() throws IOException {
    try (var files = java.nio.file.Files.list(Path.of(folder(), ".azcp/held"))) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void whatWasReplacedUnderAReaderIsCountedUntilItsLastClose() throws IOException {
    BlobVersion old = source.put("f", content(60, 3 * MIB));
    fetchWhole("f", old);
    quiet();
    CachedFile reader = open("f", old);
    BlobVersion next = source.put("f", content(61, 2 * MIB));
    fetchWhole("f", next);
    quiet();
    assertThat(cache.isWhole("f", next)).isTrue();
    assertThat(cache.usage().wholeBytes()).isGreaterThanOrEqualTo(5 * MIB);
    assertSame(Fault.readAll(reader), content(60, 3 * MIB));
    reader.close();
    assertThat(cache.usage().wholeBytes()).isBetween(2L * MIB, 3L * MIB - 1);
    assertThat(cache.usage().wholeFiles()).isEqualTo(1);
    assertThat(held()).isEmpty();
  }

  @Test
  void whatAnotherProgramHoldsOpenIsCountedUntilItLetsGo() throws IOException {
    BlobVersion version = source.put("f", content(62, 3 * MIB));
    fetchWhole("f", version);
    quiet();
    int stranger = Fd.open(cache.path("f"), Fd.O_RDONLY, 0);
    try {
      int second = Fd.open(cache.path("f"), Fd.O_RDONLY, 0);
      boolean told = !Fd.openNowhereElse(second);
      Fd.close(second);
      Assumptions.assumeTrue(told, "this file system knows no leases");
      cache.evict("f");
      assertThat(Path.of(cache.path("f"))).doesNotExist();
      assertThat(cache.usage().wholeBytes()).isGreaterThanOrEqualTo(3 * MIB);
    } finally {
      Fd.close(stranger);
    }
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(cache.usage().wholeBytes()).isZero());
    assertThat(held()).isEmpty();
  }

  @Test
  void aJournalFindsRoomBelowTheLimitAndEverybodyKnowsOfIt() throws IOException {
    cache.close();
    CacheOptions options = options(folder()).withLimit(5 * MIB);
    cache = openAgain(options);
    CacheFolder other = openAgain(options);
    for (int i = 0; i < 12; i++) {
      fetchWhole("f" + i, source.put("f" + i, content(70 + i, MIB / 2)));
      quiet();
    }
    long before = other.capacityBytes();
    assertThat(cache.usage().wholeBytes()).isGreaterThan(3 * MIB);
    Path journal = Path.of(cache.dirtyFolder(), "session", "journal");
    java.nio.file.Files.createDirectory(journal.getParent());
    boolean added =
        cache.addState(
            2 * MIB,
            () -> {
              java.nio.file.Files.write(journal, content(90, 2 * MIB));
              assertThat(bytesBelow(Path.of(folder()))).isLessThanOrEqualTo(5 * MIB);
            });
    assertThat(added).isTrue();
    assertThat(other.capacityBytes()).isLessThanOrEqualTo(before - 2 * MIB);
    assertThat(cache.capacityBytes()).isLessThanOrEqualTo(before - 2 * MIB);
    BlobVersion version = source.put("open", content(91, 2 * MIB));
    CachedFile open = open("open", version);
    Fault.readAll(open);
    quiet();
    assertThat(cache.addState(MIB, () -> java.nio.file.Files.delete(journal)))
        .as("all that is left is open")
        .isFalse();
    assertThat(journal).exists();
  }

  @Test
  void aWalkLeavesWhatAnotherHasCountedAndNotStored() throws IOException {
    cache.close();
    CacheOptions options = options(folder()).withLimit(6 * MIB);
    cache = openAgain(options);
    for (int i = 0; i < 8; i++) {
      fetchWhole("f" + i, source.put("f" + i, content(70 + i, MIB / 2)));
      quiet();
    }
    CacheFolder mine = cache;
    CacheFolder other = openAgain(options);
    mine.addState(
        2 * MIB,
        () -> {
          cache = other;
          for (int i = 0; i < 8; i++) {
            fetchWhole("g" + i, source.put("g" + i, content(80 + i, MIB / 2)));
            quiet();
          }
        });
    long[] lies = {0};
    other.forEachWhole(
        (name, version) ->
            lies[0] += 512 * io.azcp.base.posix.Files.lstat(other.path(name)).blocks());
    assertThat(lies[0]).isPositive();
    assertThat(other.usage().wholeBytes() + other.usage().partialBytes())
        .isBetween(lies[0], 5 * (long) MIB);
  }
}
