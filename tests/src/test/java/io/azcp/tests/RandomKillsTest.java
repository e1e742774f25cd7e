package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Kill −9 of a daemon, of a {@code prepare}, of one of two of them, when a random number of
 * requests for content has passed: nobody reads a wrong byte, nobody hangs, and nothing is left
 * that grows.
 *
 * <p>{@code -Dazcp.test.kills=200} says how often; it prints the longest wait of a read.
 */
@EnabledIfSystemProperty(named = "azcp.test.kills", matches = "[0-9]+")
class RandomKillsTest {
  private static final int KILLS = Integer.getInteger("azcp.test.kills", 3);
  private static final int KIB = 1 << 10;
  private static final int[] SIZES = {
    5000, 100 * KIB, 300 * KIB, 900 * KIB, 6000 * KIB, 15000 * KIB
  };

  /** Requests that fetching everything takes at least. */
  private static final int REQUESTS = 12;

  private static final long LIMIT_SECONDS = 120;
  private static final Duration SHOWN_AFTER = Duration.ofSeconds(2);

  private final Random random = new Random(Long.getLong("azcp.test.seed", System.nanoTime()));
  private int inTheMiddle;
  private long longestWait;

  /** Whom a kill is for. */
  private enum Victim {
    DAEMON,
    PREPARE,
    ONE_OF_TWO_PREPARES
  }

  @Test
  void nobodyReadsAWrongByteOrHangs() throws Exception {
    long seed = random.nextLong();
    System.out.println(KILLS + " kills, seed " + seed);
    random.setSeed(seed);
    try (var shared = new SharedCache("200MiB")) {
      var files = new VersionedFiles(shared.lab, "d", SIZES);
      for (RestartedMount mount : shared.mounts()) {
        mount.mount();
      }
      int most = 0;
      for (int i = 0; i < KILLS; i++) {
        round(shared, files, Victim.values()[i % Victim.values().length], i);
        List<String> left = shared.leftovers();
        assertThat(left.size()).as(left.toString()).isLessThanOrEqualTo(12);
        most = Math.max(most, left.size());
      }
      System.out.println(
          "  "
              + inTheMiddle
              + " while bytes were fetched; longest wait of a read "
              + longestWait
              + " ms; at most "
              + most
              + " files of the cache's own at a time, "
              + shared.partials().size()
              + " partial files");
      assertThat(inTheMiddle).as("kills in the middle of a download").isPositive();
      for (RestartedMount mount : shared.mounts()) {
        mount.unmount();
      }
    }
  }

  private void round(SharedCache shared, VersionedFiles files, Victim victim, int number)
      throws Exception {
    for (int file = 0; file < files.count(); file++) {
      files.replace(file);
    }
    RestartedMount killed = shared.mounts().get(number / Victim.values().length % 2);
    RestartedMount other = shared.mounts().get(1 - shared.mounts().indexOf(killed));
    var due = new CountDownLatch(1 + random.nextInt(REQUESTS));
    shared.proxy.always(
        r -> {
          if (r.method().equals("GET") && !r.query().contains("comp=")) {
            due.countDown();
          }
          return null;
        });
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    List<Process> prepares = new ArrayList<>();
    try {
      if (victim != Victim.DAEMON) {
        prepares.add(shared.prepare());
      }
      if (victim == Victim.ONE_OF_TWO_PREPARES) {
        prepares.add(shared.prepare());
      } else {
        readers.add(read(files, killed));
        readers.add(read(files, other));
        readers.add(read(files, other));
      }
      awaitMoment(due, prepares);
      if (victim == Victim.DAEMON) {
        killed.kill();
      } else {
        SharedCache.kill(prepares.get(0));
      }
      awaitAll(readers, shared.mounts(), victim);
      for (Process prepare : prepares) {
        assertThat(prepare.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
      }
      if (victim == Victim.DAEMON) {
        killed.mount();
      }
      readAll(files, killed);
      readAll(files, other);
    } finally {
      for (Process prepare : prepares) {
        SharedCache.kill(prepare);
      }
    }
  }

  /** A read that waits for long shows what the daemons do meanwhile. */
  private static void awaitAll(
      List<CompletableFuture<Void>> readers, List<RestartedMount> mounts, Victim victim)
      throws Exception {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(readers.toArray(CompletableFuture[]::new));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    boolean shown = false;
    while (!all.isDone() && System.nanoTime() - end < 0) {
      try {
        all.get(SHOWN_AFTER.toMillis() / 8, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        for (RestartedMount mount : shown ? List.<RestartedMount>of() : mounts) {
          String stacks = mount.isUp() ? mount.stacksIfAnyWaits(SHOWN_AFTER) : "";
          if (!stacks.isEmpty()) {
            shown = true;
            System.out.println(mount + " after a kill for " + victim + ":\n" + stacks);
          }
        }
      }
    }
    all.get(1, TimeUnit.SECONDS);
  }

  /** Waits for the request that the kill is due at, or until there are no more. */
  private void awaitMoment(CountDownLatch due, List<Process> prepares) throws Exception {
    boolean came = false;
    for (int i = 0; i < 400 && !came; i++) {
      came = due.await(25, TimeUnit.MILLISECONDS);
      boolean over = !prepares.isEmpty() && prepares.stream().noneMatch(Process::isAlive);
      if (over) {
        break;
      }
    }
    if (came) {
      inTheMiddle++;
      TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
    }
  }

  private CompletableFuture<Void> read(VersionedFiles files, RestartedMount mount) {
    long seed = random.nextLong();
    var done = new CompletableFuture<Void>();
    Thread thread =
        new Thread(
            () -> {
              try {
                readAll(files, mount, new Random(seed));
                done.complete(null);
              } catch (ReadingFile.Gone e) {
                done.complete(null);
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            },
            "reader-" + mount);
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private void readAll(VersionedFiles files, RestartedMount mount) throws Exception {
    readAll(files, mount, random);
  }

  private void readAll(VersionedFiles files, RestartedMount mount, Random order) throws Exception {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < files.count(); i++) {
      all.add(i);
    }
    Collections.shuffle(all, order);
    for (int file : all) {
      try (var open = new ReadingFile(files, mount, file)) {
        open.readAll();
      }
    }
    noteWait(mount);
  }

  private synchronized void noteWait(RestartedMount mount) throws IOException {
    longestWait = Math.max(longestWait, mount.takeLongestWaitMillis());
  }
}
