package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.azcp.base.posix.Files.Space;
import io.azcp.base.posix.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Ten times more data than the disk of the cache holds, one file of it larger than all of that
 * disk, read through a mount of each binding: every byte is right, and a sampler never sees more
 * than the limit allows.
 *
 * <p>{@code -Dazcp.test.disk=100} says how many MiB the disk has; without it there is none.
 */
@EnabledIfSystemProperty(named = "azcp.test.disk", matches = "[0-9]+")
class SmallDiskMountTest {
  private static final int DISK_MIB = Integer.getInteger("azcp.test.disk", 16);

  /** How many times the disk. */
  private static final int DATA = 10;

  private static final long MIB = 1 << 20;
  private static final int READERS = 2;
  private static final long LIMIT_SECONDS = 600;

  private final AtomicBoolean over = new AtomicBoolean();
  private long mostUsed;
  private long leastFree = Long.MAX_VALUE;

  @Test
  void everyByteIsRightAndTheLimitHolds() throws Exception {
    assumeThat(Identity.euid()).as("only root can mount a small disk").isZero();
    int limit = DISK_MIB / 4 * 3;
    try (var shared = new SharedCache(limit + "MiB")) {
      mountDisk(shared.lab);
      var files = new VersionedFiles(shared.lab, "d", sizes());
      long all = 0;
      for (int i = 0; i < files.count(); i++) {
        all += files.length(i, 1);
      }
      assertThat(all).isGreaterThan((DATA - 1L) * DISK_MIB * MIB);
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (RestartedMount mount : shared.mounts()) {
        mount.mount();
        for (int i = 0; i < READERS; i++) {
          readers.add(readAll(files, mount, i));
        }
      }
      Thread sampler = new Thread(() -> sample(shared.lab.cache.toString()), "sampler");
      sampler.start();
      try {
        for (CompletableFuture<Void> reader : readers) {
          reader.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
      } finally {
        over.set(true);
        sampler.join();
      }
      System.out.println(
          all / MIB
              + " MiB through a disk of "
              + DISK_MIB
              + " MiB: at most "
              + mostUsed / 1024
              + " KiB used of "
              + limit * 1024
              + ", at least "
              + leastFree / 1024
              + " KiB free");
      assertThat(mostUsed).isBetween(limit * MIB / 2, limit * MIB);
      for (RestartedMount mount : shared.mounts()) {
        mount.unmount();
      }
    }
  }

  /** Files of a thirtieth of the disk, and one larger than it. */
  private static int[] sizes() {
    int[] sizes = new int[30 * DATA];
    java.util.Arrays.fill(sizes, (int) (DISK_MIB * MIB / 30));
    sizes[sizes.length / 3 * 2] = (int) (DISK_MIB * MIB / 2 * 3);
    return sizes;
  }

  private static void mountDisk(Lab lab) throws IOException {
    Files.createDirectories(lab.cache);
    Checkout.Result mounted =
        Checkout.run(
            lab.folder,
            Map.of(),
            List.of(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=700,size=" + DISK_MIB + "m",
                "none",
                lab.cache.toString()));
    assumeThat(mounted.code()).as("this machine lets nobody mount: " + mounted).isZero();
  }

  private static CompletableFuture<Void> readAll(
      VersionedFiles files, RestartedMount mount, int number) {
    var done = new CompletableFuture<Void>();
    new Thread(
            () -> {
              try {
                List<Integer> order = new ArrayList<>();
                for (int i = 0; i < files.count(); i++) {
                  order.add(i);
                }
                java.util.Collections.shuffle(order, new Random(number));
                for (int i : order) {
                  try (var file = new ReadingFile(files, mount, i)) {
                    file.readAll();
                  }
                }
                done.complete(null);
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            },
            "reader-" + mount)
        .start();
    return done;
  }

  private void sample(String folder) {
    try {
      while (!over.get()) {
        Space space = io.azcp.base.posix.Files.space(folder);
        leastFree = Math.min(leastFree, space.availableBytes());
        mostUsed = Math.max(mostUsed, space.totalBytes() - space.availableBytes());
        TimeUnit.MILLISECONDS.sleep(1);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
