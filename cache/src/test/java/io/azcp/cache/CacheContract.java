package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every cache folder does, wherever it keeps its marks. */
abstract class CacheContract {
  static final int MIB = 1 << 20;

  @TempDir Path temporary;
  TestSource source;
  TestThreads threads;
  CacheFolder cache;
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** The options of the folder under test. */
  abstract CacheOptions options(String folder);

  @BeforeEach
  void openCache() throws IOException {
    source = new TestSource();
    threads = new TestThreads(6);
    cache = openAgain(options(folder()));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    threads.close();
  }

  String folder() {
    return temporary.resolve("cache").toString();
  }

  CacheFolder openAgain(CacheOptions options) throws IOException {
    var answer = CacheFolder.open(options, source, threads);
    opened.add(answer);
    return answer;
  }

  CachedFile open(String name, BlobVersion version) throws IOException {
    CachedFile file = cache.open(name, version);
    opened.add(file);
    return file;
  }

  static byte[] content(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  String staged(String name, byte[] content) throws IOException {
    Path file = Path.of(cache.dirtyFolder(), name);
    java.nio.file.Files.write(file, content);
    return file.toString();
  }

  byte[] onDisk(String name) throws IOException {
    return java.nio.file.Files.readAllBytes(Path.of(folder(), CacheNames.path(name)));
  }

  /** Compares without printing megabytes. */
  static void assertSame(byte[] actual, byte[] expected) {
    assertThat(actual.length).isEqualTo(expected.length);
    assertThat(java.util.Arrays.mismatch(actual, expected)).as("first difference").isEqualTo(-1);
  }

  /** Fetches end a moment after the last waiter was answered. */
  private static long eventually(java.util.concurrent.Callable<Long> evict) {
    return org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(evict, freed -> freed > 0);
  }

  /** A reader is answered as soon as its own bytes are there; the fetch goes on. */
  private void awaitIdle() {
    org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(1)).until(threads::idle);
  }

  private void fetchWhole(String name, BlobVersion version) throws IOException {
    try (CachedFile file = cache.open(name, version)) {
      Fault.readAll(file);
    }
  }

  @Test
  void aColdFileIsFetchedAndPublishedUnderItsName() throws IOException {
    byte[] content = content(1, 3 * MIB + 77);
    BlobVersion version = source.put("dir/file.bin", content);
    CachedFile file = open("dir/file.bin", version);
    assertThat(file.whole()).isFalse();
    assertSame(Fault.readAll(file), content);
    assertThat(file.whole()).isTrue();
    assertThat(cache.isWhole("dir/file.bin", version)).isTrue();
    assertThat(cache.wholeVersion("dir/file.bin")).contains(version);
    assertSame(onDisk("dir/file.bin"), content);
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void aWholeFileIsServedWithoutTheSource() throws IOException {
    byte[] content = content(2, 100_000);
    BlobVersion version = source.put("f", content);
    fetchWhole("f", version);
    CachedFile again = open("f", version);
    assertThat(again.whole()).isTrue();
    assertThat(again.presentBytes()).isEqualTo(100_000);
    assertSame(Fault.readAll(again), content);
    assertThat(source.bytesFetched).hasValue(100_000);
  }

  @Test
  void anEmptyFileIsWholeAtOnce() throws IOException {
    BlobVersion version = source.put("empty", new byte[0]);
    CachedFile file = open("empty", version);
    assertThat(file.whole()).isTrue();
    assertThat(cache.isWhole("empty", version)).isTrue();
    Fault.of(file, 0, 10).await();
    assertThat(source.requests()).isEmpty();
  }

  @Test
  void aRandomReadFetchesItsUnitsOnly() throws IOException {
    byte[] content = content(3, 40 * MIB);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    int at = 33 * MIB + 5;
    assertSame(Fault.read(file, at, 4096), java.util.Arrays.copyOfRange(content, at, at + 4096));
    awaitIdle();
    assertThat(source.bytesFetched.get()).isEqualTo(RangeMap.UNIT);
    assertThat(file.present(at, 4096)).isTrue();
    assertThat(file.present(0, 1)).isFalse();
    assertThat(file.presentBytes()).isEqualTo(RangeMap.UNIT);
    assertThat(cache.presentBytes("big", version)).isEqualTo(RangeMap.UNIT);
    assertThat(cache.isWhole("big", version)).isFalse();
  }

  @Test
  void aSequentialReaderIsReadAheadAndNothingIsFetchedTwice() throws IOException {
    byte[] content = content(4, 40 * MIB + 3);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    for (int at = 0; at < content.length; at += 128 << 10) {
      int n = Math.min(128 << 10, content.length - at);
      assertSame(Fault.read(file, at, n), java.util.Arrays.copyOfRange(content, at, at + n));
    }
    assertThat(file.whole()).isTrue();
    assertThat(source.bytesFetched).hasValue(content.length);
    assertThat(source.requests().size()).isLessThan(40);
  }

  @Test
  void waitersAreAnsweredWhenTheirOwnBytesAreThere() throws IOException {
    byte[] content = content(5, 20 * MIB);
    BlobVersion version = source.put("big", content);
    CachedFile file = open("big", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      faults.add(Fault.of(file, (i % 20) * (long) MIB, 5000));
    }
    assertThat(faults).noneMatch(Fault::answered);
    gate.countDown();
    for (Fault fault : faults) {
      fault.await();
    }
  }

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
  void aReadWaitsWhileTheServiceFailsAndThenSucceeds() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    CachedFile file = open("f", version);
    source.failNext(2);
    assertSame(
        Fault.read(file, 5 * MIB, 9), java.util.Arrays.copyOfRange(content, 5 * MIB, 5 * MIB + 9));
    assertThat(source.requests()).hasSize(3);
  }

  @Test
  void aReadBeyondItsBudgetNamesTheBlobAndTheNextOneSucceeds() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    cache.close();
    cache = openAgain(options(folder()).withFaultBudget(Duration.ofMillis(100)));
    CachedFile file = open("f", version);
    source.failNext(Integer.MAX_VALUE);
    assertThatThrownBy(() -> Fault.of(file, 5 * MIB, 9).await())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO))
        .hasMessageContaining("Reading f was given up")
        .hasMessageContaining("the test said so");
    assertThat(file.present(5 * MIB, 9)).isFalse();
    source.failNext(0);
    assertSame(Fault.readAll(file), content);
  }

  @Test
  void aReadThatNobodyAnswersEndsWithItsBudgetAndTheFetchGoesOn() throws IOException {
    byte[] content = content(7, 6 * MIB);
    BlobVersion version = source.put("f", content);
    cache.close();
    cache = openAgain(options(folder()).withFaultBudget(Duration.ofMillis(100)));
    CachedFile file = open("f", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    assertThatThrownBy(() -> Fault.of(file, 5 * MIB, 9).await())
        .hasMessageContaining("the service does not answer");
    gate.countDown();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> file.present(5 * MIB, 9));
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void theFirstReadOfABigFileIsOneSmallRequest() throws IOException {
    BlobVersion version = source.put("big", content(4, 40 * MIB));
    CachedFile file = open("big", version);
    Fault.read(file, 0, 1);
    awaitIdle();
    assertThat(source.requests()).hasSize(1);
    assertThat(source.bytesFetched.get()).isLessThanOrEqualTo(512 << 10);
  }

  @Test
  void aBodyCutShortIsAnErrorAndWhatCameIsKept() throws IOException {
    byte[] content = content(8, 6 * MIB);
    BlobVersion version = source.put("f", content);
    CachedFile file = open("f", version);
    source.cutAfter(MIB);
    assertThatThrownBy(() -> Fault.of(file, 0, 6 * MIB, false).await())
        .isInstanceOf(AzcpException.class);
    awaitIdle();
    assertThat(file.presentBytes()).as("of each of two fetches").isEqualTo(2 * MIB);
    source.cutAfter(Long.MAX_VALUE);
    assertSame(Fault.readAll(file), content);
    assertThat(source.bytesFetched).hasValue(content.length);
  }

  @Test
  void aReplacedBlobIsStaleForOldOpensAndNewForNewOnes() throws IOException {
    byte[] old = content(9, 6 * MIB);
    BlobVersion oldVersion = source.put("f", old);
    CachedFile oldFile = open("f", oldVersion);
    Fault.read(oldFile, 0, 10);
    byte[] fresh = content(10, 7 * MIB);
    BlobVersion newVersion = source.put("f", fresh);
    assertThatThrownBy(() -> Fault.of(oldFile, 5 * MIB, 10).await())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
    CachedFile newFile = open("f", newVersion);
    assertSame(Fault.readAll(newFile), fresh);
    assertSame(Fault.peek(oldFile, 0, 10), java.util.Arrays.copyOf(old, 10));
    String partial = folder() + "/.azcp/partial";
    oldFile.close();
    newFile.close();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Path.of(partial)).isEmptyDirectory());
  }

  @Test
  void anOldVersionStaysReadableWhileTheNewOneIsPublished() throws IOException {
    byte[] old = content(11, 100_000);
    BlobVersion oldVersion = source.put("f", old);
    CachedFile oldFile = open("f", oldVersion);
    Fault.readAll(oldFile);
    byte[] fresh = content(12, 50_000);
    BlobVersion newVersion = source.put("f", fresh);
    CachedFile newFile = open("f", newVersion);
    assertSame(Fault.readAll(newFile), fresh);
    assertSame(Fault.readAll(oldFile), old);
    assertThat(cache.wholeVersion("f")).contains(newVersion);
  }

  @Test
  void theSameContentUnderANewETagIsMarkedAnew() throws IOException {
    byte[] content = content(13, 1000);
    BlobVersion first = source.put("f", content);
    fetchWhole("f", first);
    BlobVersion second = source.put("f", content);
    assertThat(cache.isWhole("f", second)).isTrue();
    assertThat(cache.wholeVersion("f")).contains(second);
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void aPublishedFileIsReadOnlyAndServed() throws IOException {
    byte[] content = content(14, 12345);
    BlobVersion version = source.put("a/b/c", content);
    cache.publish(staged("s", content), "a/b/c", version);
    assertThat(Files.stat(folder() + "/a/b/c").mode() & 0777).isEqualTo(0400);
    assertThat(Files.stat(folder()).mode() & 0777).isEqualTo(0700);
    assertSame(Fault.readAll(open("a/b/c", version)), content);
    assertThat(source.requests()).isEmpty();
    assertThat(cache.usage().wholeFiles()).isEqualTo(1);
  }

  @Test
  void aStagingFileOfAnotherLengthIsNotPublished() throws IOException {
    BlobVersion version = source.put("f", content(15, 10));
    String staging = staged("s", new byte[9]);
    assertThatThrownBy(() -> cache.publish(staging, "f", version))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("9 bytes instead of 10");
    assertThat(cache.wholeVersion("f")).isEmpty();
  }

  @Test
  void takenOutTheSameInodeIsWritableAndTheCacheForgetsIt() throws IOException {
    byte[] content = content(16, 5000);
    BlobVersion version = source.put("d/f", content);
    cache.publish(staged("s", content), "d/f", version);
    long inode = Files.stat(folder() + "/d/f").inode();
    CachedFile reader = open("d/f", version);
    String staging = cache.dirtyFolder() + "/taken";
    cache.takeOut("d/f", version, staging);
    assertThat(Files.stat(staging).inode()).isEqualTo(inode);
    assertThat(Files.stat(staging).mode() & 0777).isEqualTo(0600);
    assertThat(cache.wholeVersion("d/f")).isEmpty();
    assertThat(cache.isWhole("d/f", version)).isFalse();
    java.nio.file.Files.write(Path.of(staging), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.peek(reader, 0, 7), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.readAll(open("d/f", version)), content);
  }

  @Test
  void takingOutWhatAnotherProcessReadsMakesACopy() throws IOException {
    byte[] content = content(17, 3 * MIB);
    BlobVersion version = source.put("f", content);
    cache.publish(staged("s", content), "f", version);
    try (var other = CacheFolder.open(options(folder()), source, threads);
        CachedFile reader = other.open("f", version)) {
      String staging = cache.dirtyFolder() + "/taken";
      cache.takeOut("f", version, staging);
      java.nio.file.Files.write(Path.of(staging), new byte[] {1});
      assertSame(Fault.readAll(reader), content);
      assertThat(cache.isWhole("f", version)).isTrue();
    }
  }

  @Test
  void takingOutWhatIsNotWholeSaysSo() {
    BlobVersion version = source.put("f", new byte[3]);
    assertThatThrownBy(() -> cache.takeOut("f", version, cache.dirtyFolder() + "/x"))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void wholeFilesFollowAMove() throws IOException {
    byte[] content = content(18, 5000);
    BlobVersion version = source.put("a/f", content);
    cache.publish(staged("s", content), "a/f", version);
    CachedFile reader = open("a/f", version);
    BlobVersion moved = new BlobVersion("0xnew", 5000, 1_800_000_000_000L, version.contentMd5());
    cache.move("a/f", version, "b/g", moved);
    assertThat(cache.wholeVersion("a/f")).isEmpty();
    assertThat(cache.wholeVersion("b/g")).contains(moved);
    assertThat(Path.of(folder(), "a")).doesNotExist();
    assertThat(reader.name()).isEqualTo("b/g");
    assertSame(Fault.readAll(reader), content);
    assertThat(source.requests()).isEmpty();
  }

  @Test
  void openPartialFilesFollowAMove() throws IOException {
    byte[] content = content(19, 10 * MIB);
    BlobVersion version = source.put("a", content);
    CachedFile file = open("a", version);
    Fault.read(file, 9 * MIB, 10);
    awaitIdle();
    BlobVersion moved =
        new BlobVersion("0xnew", 10 * MIB, 1_800_000_000_000L, version.contentMd5());
    source.move("a", "b", moved);
    cache.move("a", version, "b", moved);
    assertThat(cache.presentBytes("b", moved)).isEqualTo(RangeMap.UNIT);
    assertThat(cache.presentBytes("a", version)).isZero();
    assertSame(Fault.readAll(file), content);
    assertThat(source.bytesFetched).hasValue(content.length);
    assertThat(cache.wholeVersion("b")).contains(moved);
    assertThat(cache.wholeVersion("a")).isEmpty();
  }

  @Test
  void aFetchThatMeetsOurOwnMoveHalfwayWaitsForItsEnd() throws IOException {
    byte[] content = content(47, 10 * MIB);
    BlobVersion version = source.put("a", content);
    CachedFile file = open("a", version);
    BlobVersion moved = new BlobVersion("0xnew", 10 * MIB, 1_800_000_000_000L, "");
    List<Fault> faults = new ArrayList<>();
    cache.changing(
        "a",
        () -> {
          source.move("a", "b", moved);
          faults.add(Fault.of(file, 0, 10));
          org.awaitility.Awaitility.await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> !source.requests().isEmpty());
          assertThat(faults).noneMatch(Fault::answered);
          cache.move("a", version, "b", moved);
        });
    faults.get(0).await();
    assertSame(Fault.readAll(file), content);
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

  /** Fetches hold their files a moment longer than their waiters. */
  void quiet() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ofMillis(1))
        .until(threads::idle);
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

  @Test
  void closingTheLastHandleAnswersWhoStillWaits() throws IOException {
    BlobVersion version = source.put("f", content(46, 20 * MIB));
    CachedFile file = open("f", version);
    var gate = new CountDownLatch(1);
    source.hold(gate);
    Fault fault = Fault.of(file, 0, 20 * MIB, false);
    file.close();
    assertThatThrownBy(fault::await)
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    gate.countDown();
  }
}
