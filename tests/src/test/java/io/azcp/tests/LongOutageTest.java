package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.transfer.blob.FaultProxy;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Outages as long as real ones, under load. They take minutes: {@code -Dazcp.test.outage=30} says
 * for how many seconds the service is away.
 */
@EnabledIfSystemProperty(named = "azcp.test.outage", matches = "[0-9]+")
class LongOutageTest {
  private static final int SECONDS = Integer.getInteger("azcp.test.outage", 30);
  private static final int MIB = 1 << 20;
  private static final int SIZE = 64 * MIB;
  private static final int CACHED_FROM = 52 * MIB;
  private static final int PAGE = 4096;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();

  @Test
  void readersOfWhatIsCachedGoOnAndTheOthersWait() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      Path data = start(lab, proxy);
      assertThat(Files.readAllBytes(data.resolve("0"))).hasSize(SIZE);
      try (var partly = new RandomAccessFile(data.resolve("1").toFile(), "r")) {
        for (int at = CACHED_FROM; at < SIZE; at += PAGE) {
          check(partly, 1, at);
        }
      }
      List<CompletableFuture<Void>> load = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int file = i % 2;
        load.add(CompletableFuture.runAsync(() -> readOn(data, file)));
      }
      proxy.refuse();
      List<CompletableFuture<Long>> waiting = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int place = (1 + 5 * i) * MIB;
        waiting.add(CompletableFuture.supplyAsync(() -> readOnce(data, place)));
      }
      TimeUnit.SECONDS.sleep(SECONDS);
      assertThat(waiting).noneMatch(CompletableFuture::isDone);
      assertThat(load).noneMatch(CompletableFuture::isDone);
      long during = reads.get();
      long back = System.nanoTime();
      proxy.forward();
      long last = 0;
      for (CompletableFuture<Long> read : waiting) {
        last = Math.max(last, read.get(1, TimeUnit.MINUTES) - back);
      }
      over.set(true);
      for (CompletableFuture<Void> reader : load) {
        reader.get(1, TimeUnit.MINUTES);
      }
      System.out.println(
          SECONDS
              + " s without the service: "
              + during
              + " reads of cached bytes meanwhile, the longest "
              + longest.get() / 1000
              + " us; the last that waited was answered "
              + last / 1_000_000
              + " ms after it was back");
      assertThat(during).isPositive();
      assertThat(lab.umount().code()).isZero();
    }
  }

  @Test
  void beyondItsBudgetAReadFailsTheLogNamesTheBlobAndNoRestartIsNeeded() throws Exception {
    try (Lab lab = new Lab();
        FaultProxy proxy = FaultProxy.to(lab.azuriteEndpoint())) {
      Path data = start(lab, proxy);
      try (var file = new RandomAccessFile(data.resolve("1").toFile(), "r")) {
        check(file, 1, 0);
        proxy.refuse();
        long start = System.nanoTime();
        assertThatThrownBy(() -> check(file, 1, 40 * MIB))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("Input/output error");
        System.out.println(
            "EIO after " + (System.nanoTime() - start) / 1_000_000_000 + " s without the service");
        proxy.forward();
        check(file, 1, 40 * MIB);
        check(file, 1, 20 * MIB);
      }
      List<String> log = new ArrayList<>();
      try (var files = Files.walk(lab.folder)) {
        for (Path f : files.filter(f -> f.toString().endsWith(".log")).toList()) {
          log.addAll(Files.readAllLines(f));
        }
      }
      assertThat(log).anyMatch(line -> line.contains("Reading 1 was given up"));
      assertThat(lab.umount().code()).isZero();
    }
  }

  private static Path start(Lab lab, FaultProxy proxy) throws IOException {
    for (int i = 0; i < 2; i++) {
      lab.upload("d/" + i, SelfTelling.content(i, 1, SIZE));
    }
    lab.endpoint(proxy.endpoint());
    lab.rule("data", "d");
    assertThat(lab.mount().code()).isZero();
    return lab.mountPoint.resolve("data");
  }

  /**
   * Reads what is cached, past the kernel's pages, and so far from its edge as the kernel reads.
   */
  private void readOn(Path data, int file) {
    ByteBuffer page = Native.buffer(PAGE);
    try {
      int fd = Fd.open(data.resolve("" + file).toString(), Fd.O_RDONLY, 0);
      try {
        Random random = new Random(file);
        while (!over.get()) {
          long at =
              CACHED_FROM + MIB + (long) random.nextInt((SIZE - CACHED_FROM) / PAGE / 2) * PAGE;
          MappedFile.forgetPages(fd);
          long start = System.nanoTime();
          Fd.pread(fd, page.clear(), at);
          longest.accumulateAndGet(System.nanoTime() - start, Math::max);
          assertThat(SelfTelling.fault(page.flip(), at, file, 1)).isEmpty();
          reads.incrementAndGet();
        }
      } finally {
        Fd.close(fd);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static long readOnce(Path data, int offset) {
    try (var open = new RandomAccessFile(data.resolve("1").toFile(), "r")) {
      check(open, 1, offset);
      return System.nanoTime();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void check(RandomAccessFile open, int file, long offset) throws IOException {
    byte[] page = new byte[PAGE];
    open.seek(offset);
    open.readFully(page);
    assertThat(SelfTelling.fault(ByteBuffer.wrap(page), offset, file, 1)).isEmpty();
  }
}
