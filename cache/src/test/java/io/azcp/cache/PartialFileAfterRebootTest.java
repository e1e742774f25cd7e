package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there of a partial file after the machine went down: what had been synced. */
class PartialFileAfterRebootTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 9 * MIB + 77;
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path temporary;
  private final byte[] content = CacheContract.content(71, SIZE);
  private TestSource source;
  private TestThreads threads;
  private BlobVersion version;

  @BeforeEach
  void start() {
    source = new TestSource();
    threads = new TestThreads(4);
    version = source.put("f", content);
  }

  @AfterEach
  void end() {
    threads.close();
  }

  private CacheFolder open(String boot, Duration syncAfter) throws IOException {
    CacheOptions options =
        CacheOptions.of(temporary.resolve("cache").toString(), "same")
            .withBootId(boot)
            .withWaits(Duration.ofSeconds(10), syncAfter);
    return CacheFolder.open(options, source, threads);
  }

  /** Reads two ranges of the file and waits until they are synced. */
  private long readSomeAndSync() throws IOException {
    try (var cache = open("first", Duration.ofMillis(1));
        CachedFile file = cache.open("f", version)) {
      Fault.read(file, 2 * MIB, MIB);
      Fault.read(file, SIZE - 5, 5);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                try (var later = open("second", LONG)) {
                  assertThat(later.presentBytes("f", version)).isEqualTo(file.presentBytes());
                }
              });
      return file.presentBytes();
    }
  }

  @Test
  void whatWasSyncedIsNotFetchedAgain() throws IOException {
    long present = readSomeAndSync();
    assertThat(present).isBetween((long) MIB, SIZE - 1L);
    for (String boot : List.of("second", "third")) {
      try (var cache = open(boot, LONG);
          CachedFile file = cache.open("f", version)) {
        assertThat(file.presentBytes()).isEqualTo(present);
        int before = source.requests().size();
        CacheContract.assertSame(
            Fault.read(file, 2 * MIB, MIB), Arrays.copyOfRange(content, 2 * MIB, 3 * MIB));
        CacheContract.assertSame(
            Fault.read(file, SIZE - 5, 5), Arrays.copyOfRange(content, SIZE - 5, SIZE));
        assertThat(source.requests()).hasSize(before);
      }
    }
    try (var cache = open("fourth", LONG);
        CachedFile file = cache.open("f", version)) {
      CacheContract.assertSame(Fault.readAll(file), content);
    }
    try (var cache = open("fourth", LONG)) {
      assertThat(cache.isWhole("f", version)).isTrue();
      assertThat(cache.usage().partialFiles()).isZero();
    }
  }

  @Test
  void whatWasFetchedAfterTheLastSyncIsFetchedAgain() throws IOException {
    long present = readSomeAndSync();
    try (var cache = open("first", LONG);
        CachedFile file = cache.open("f", version)) {
      Fault.read(file, 6 * MIB, MIB);
      assertThat(file.presentBytes()).isGreaterThan(present);
    }
    try (var cache = open("second", LONG);
        CachedFile file = cache.open("f", version)) {
      assertThat(file.presentBytes()).isEqualTo(present);
      assertThat(blocks(data())).isLessThanOrEqualTo(RangeMap.diskBytes(present));
      CacheContract.assertSame(Fault.readAll(file), content);
    }
  }

  @Test
  void aUnitWhoseBlocksTheDiskLostIsFetchedAgain() throws IOException {
    readSomeAndSync();
    int fd = Fd.open(data().toString(), Fd.O_RDWR, 0);
    try {
      Fd.punchHole(fd, 2 * MIB + RangeMap.UNIT, RangeMap.UNIT);
    } finally {
      Fd.close(fd);
    }
    try (var cache = open("second", LONG);
        CachedFile file = cache.open("f", version)) {
      CacheContract.assertSame(Fault.readAll(file), content);
    }
  }

  private Path data() throws IOException {
    try (var files = Files.list(temporary.resolve("cache/.azcp/partial"))) {
      return files.filter(f -> !f.getFileName().toString().contains(".")).findAny().orElseThrow();
    }
  }

  private static long blocks(Path file) throws IOException {
    return io.azcp.base.posix.Files.lstat(file.toString()).blocks() * 512;
  }
}
