package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one folder: each byte is fetched once, whoever dies or stops. */
@Timeout(300)
class SeveralProcessesTest {
  private static final int MIB = 1 << 20;
  private static final String NEVER = Long.toString(Long.MAX_VALUE);

  @TempDir Path temporary;
  private final List<Child> children = new ArrayList<>();
  private Path blob;
  private Path log;
  private byte[] content;
  private BlobVersion version;

  @BeforeEach
  void makeBlob() throws IOException {
    content = CacheContract.content(7, 40 * MIB + 12345);
    blob = Files.write(temporary.resolve("blob"), content);
    log = Files.createFile(temporary.resolve("log"));
    version = new BlobVersion("0x7", content.length, 1_700_000_000_000L, "");
  }

  @AfterEach
  void endChildren() throws Exception {
    for (Child child : children) {
      child.process.destroyForcibly().waitFor();
    }
  }

  /** A child process and what it says. */
  private static final class Child {
    private final Process process;
    private final BufferedReader out;

    Child(Process process) {
      this.process = process;
      this.out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String says() throws IOException {
      return out.readLine();
    }

    void go() throws IOException {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }

    void signal(String name) throws Exception {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
  }

  private Child child(String what, long pauseNanos, String stopAfter) throws IOException {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CacheChild.class.getName(),
            what,
            folder(),
            blob.toString(),
            log.toString(),
            Long.toString(pauseNanos),
            stopAfter,
            version.etag(),
            Long.toString(version.length()));
    var child =
        new Child(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    children.add(child);
    assertThat(child.says()).isEqualTo("ready");
    return child;
  }

  private String folder() {
    return temporary.resolve("cache").toString();
  }

  private String sha256() throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private CacheFolder open(CacheOptions options, TestThreads threads, long pauseNanos)
      throws IOException {
    return CacheFolder.open(
        options, new LoggedSource(blob.toString(), log, pauseNanos, Long.MAX_VALUE), threads);
  }

  private void readTogether(String direction) throws Exception {
    long pause = TimeUnit.MILLISECONDS.toNanos(4);
    Child child = child(direction, pause, NEVER);
    try (var threads = new TestThreads(4);
        var cache = open(CacheChild.patient(folder()), threads, pause);
        CachedFile file = cache.open("blob", version)) {
      Fault.of(file, 0, 1).await();
      child.go();
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> LoggedSource.processes(log) == 2);
      assertThat(CacheChild.sha256(file, false)).isEqualTo(sha256());
      assertThat(child.says()).isEqualTo(sha256());
      assertThat(LoggedSource.servedBytes(log)).isEqualTo(content.length);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.isWhole("blob", version));
    }
  }

  @Test
  void bothReadForwardAndEachByteIsFetchedOnce() throws Exception {
    readTogether("forward");
  }

  @Test
  void theyReadCrosswiseAndEachByteIsFetchedOnce() throws Exception {
    readTogether("backward");
  }

  @Test
  void aKilledFetcherIsTakenOverWhereItStopped() throws Exception {
    Child child = child("forward", 0, Long.toString(3 * MIB));
    try (var threads = new TestThreads(4);
        var cache = open(CacheChild.patient(folder()), threads, 0);
        CachedFile file = cache.open("blob", version)) {
      child.go();
      assertThat(child.says()).isEqualTo("held");
      long before = LoggedSource.servedBytes(log);
      assertThat(before).isGreaterThanOrEqualTo(3 * MIB);
      child.process.destroyForcibly().waitFor();
      assertThat(CacheChild.sha256(file, false)).isEqualTo(sha256());
      long unfinished = LoggedSource.servedBytes(log) - content.length;
      assertThat(unfinished).as("bytes served twice").isBetween(0L, 4L * 256 * 1024);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.isWhole("blob", version));
    }
  }

  @Test
  void whatTheMapsRecordIsThereAfterKillsAtAnyMoment() throws Exception {
    var random = new Random(11);
    int kills = 6;
    for (int i = 0; i < kills; i++) {
      Child child = child("forward", TimeUnit.MICROSECONDS.toNanos(500), NEVER);
      long until = LoggedSource.servedBytes(log) + random.nextInt(5 * MIB);
      child.go();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(Duration.ofMinutes(1))
          .until(() -> LoggedSource.servedBytes(log) > until);
      child.process.destroyForcibly().waitFor();
      try (var threads = new TestThreads(4);
          var cache = open(CacheChild.patient(folder()), threads, 0);
          CachedFile file = cache.open("blob", version)) {
        assertThat(file.presentBytes()).as("something to look at").isPositive();
        assertThat(file.whole()).as("killed while it fetched").isFalse();
        assertPresentIsRight(file);
      }
    }
    try (var threads = new TestThreads(4);
        var cache = open(CacheChild.patient(folder()), threads, 0);
        CachedFile file = cache.open("blob", version)) {
      assertThat(CacheChild.sha256(file, false)).isEqualTo(sha256());
      long again = LoggedSource.servedBytes(log) - content.length;
      assertThat(again).as("bytes served twice").isBetween(0L, kills * 4L * 512 * 1024);
    }
  }

  private void assertPresentIsRight(CachedFile file) throws IOException {
    for (int at = 0; at < content.length; at += RangeMap.UNIT) {
      int n = Math.min(RangeMap.UNIT, content.length - at);
      if (file.present(at, n)) {
        CacheContract.assertSame(Fault.peek(file, at, n), Arrays.copyOfRange(content, at, at + n));
      }
    }
  }

  @Test
  void whatAStoppedFetcherHoldsIsFetchedHereAndPublishedWhenItIsGone() throws Exception {
    Child child = child("forward", 0, Long.toString(MIB));
    CacheOptions impatient =
        CacheOptions.of(folder(), "shared")
            .withWaits(Duration.ofMillis(300), Duration.ofSeconds(4));
    try (var threads = new TestThreads(4);
        var cache = open(impatient, threads, 0);
        CachedFile file = cache.open("blob", version)) {
      child.go();
      assertThat(child.says()).isEqualTo("held");
      child.signal("STOP");
      assertThat(CacheChild.sha256(file, false)).isEqualTo(sha256());
      assertThat(file.whole()).isTrue();
      assertThat(cache.isWhole("blob", version)).as("published under a claim").isFalse();
      child.signal("KILL");
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.isWhole("blob", version));
      CacheContract.assertSame(Files.readAllBytes(Path.of(folder(), "blob")), content);
    }
  }

  @Test
  void whatAnotherProcessHasOpenIsNotEvicted() throws Exception {
    try (var threads = new TestThreads(4);
        var cache = open(CacheOptions.of(folder(), "shared"), threads, 0)) {
      try (CachedFile file = cache.open("blob", version)) {
        CacheChild.sha256(file, false);
      }
      Child child = child("open", 0, NEVER);
      assertThat(cache.evict("blob")).isZero();
      child.process.destroyForcibly().waitFor();
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.evict("blob") > 0);
    }
  }
}
