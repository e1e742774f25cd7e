package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of a cache folder share, wherever it keeps its marks. */
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

  /** A reader is answered as soon as its own bytes are there; the fetch goes on. */
  void awaitIdle() {
    org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(1)).until(threads::idle);
  }

  void fetchWhole(String name, BlobVersion version) throws IOException {
    try (CachedFile file = cache.open(name, version)) {
      Fault.readAll(file);
    }
  }

  /** Fetches hold their files a moment longer than their waiters. */
  void quiet() {
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ofMillis(1))
        .until(threads::idle);
  }
}
