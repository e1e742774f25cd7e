package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.FaultProxy.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Applications read at random through two mounts of one cache, while blobs are replaced, files
 * evicted, a {@code prepare} runs and is killed, daemons are killed and started again, and the
 * network drops connections: every byte read is of the version that was pinned at the open.
 *
 * <p>{@code -Dazcp.test.worlds=50 -Dazcp.test.steps=60} makes it longer; it prints its seeds, which
 * {@code -Dazcp.test.seed=S} repeats.
 */
@EnabledIfSystemProperty(named = "azcp.test.worlds", matches = "[0-9]+")
class SharedCacheModelTest {
  private static final int WORLDS = Integer.getInteger("azcp.test.worlds", 1);
  private static final int STEPS = Integer.getInteger("azcp.test.steps", 10);
  private static final int KIB = 1 << 10;
  private static final int[] SIZES = {
    700, 90 * KIB, 120 * KIB, 300 * KIB, 1200 * KIB, 5000 * KIB, 11_000 * KIB
  };

  @Test
  void everyReadIsOfTheVersionOfItsOpen() throws Exception {
    long first = Long.getLong("azcp.test.seed", System.nanoTime());
    for (int i = 0; i < WORLDS; i++) {
      long seed = first + i;
      System.out.println("world " + i + ", seed " + seed);
      try (var shared = new SharedCache("24MiB")) {
        new World(shared, new Random(seed)).run();
      } catch (AssertionError | Exception e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** The mounts, their applications, and what is done to them. */
  private static final class World {
    private final SharedCache shared;
    private final Random random;
    private final VersionedFiles files;
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<ReadingApplication> applications = new ArrayList<>();
    private Process prepare;

    World(SharedCache shared, Random random) {
      this.shared = shared;
      this.random = random;
      this.files = new VersionedFiles(shared.lab, "d", SIZES);
    }

    void run() throws Exception {
      try {
        for (RestartedMount mount : shared.mounts()) {
          mount.mount();
          for (int i = 0; i < 2; i++) {
            applications.add(ReadingApplication.start(files, mount, random.nextLong(), over));
          }
        }
        for (int i = 0; i < STEPS; i++) {
          step();
        }
        over.set(true);
        end();
      } finally {
        over.set(true);
      }
    }

    private void step() throws Exception {
      for (int i = random.nextInt(3); i >= 0; i--) {
        files.replace(random.nextInt(files.count()));
      }
      RestartedMount mount = shared.mounts().get(random.nextInt(2));
      switch (random.nextInt(8)) {
        case 0 -> shared.evict(files.name(random.nextInt(files.count())));
        case 1, 2 -> {
          mount.kill();
          mount.mount();
        }
        case 3 -> {
          mount.unmount();
          mount.mount();
        }
        case 4, 5 -> prepareOrKillIt();
        case 6 -> shared.proxy.breakConnections();
        default ->
            shared.proxy.next(
                1 + random.nextInt(3),
                r -> r.gets(""),
                random.nextBoolean() ? Fault.cut(random.nextInt(100_000)) : Fault.busy());
      }
      for (ReadingApplication application : applications) {
        if (application.failed()) {
          application.join();
        }
      }
    }

    private void prepareOrKillIt() throws Exception {
      if (prepare == null) {
        prepare = shared.prepare();
      } else {
        SharedCache.kill(prepare);
        prepare = null;
      }
    }

    private void end() throws Exception {
      for (ReadingApplication application : applications) {
        application.join();
        assertThat(application.reads()).isPositive();
      }
      if (prepare != null) {
        SharedCache.kill(prepare);
      }
      System.out.println(
          "  "
              + applications.stream().mapToInt(ReadingApplication::reads).sum()
              + " reads, "
              + applications.stream().mapToInt(ReadingApplication::replaced).sum()
              + " stale, "
              + applications.stream().mapToInt(ReadingApplication::gone).sum()
              + " lost with a daemon; longest wait of a read "
              + shared.kernel.takeLongestWaitMillis()
              + " ms, "
              + shared.jnr.takeLongestWaitMillis()
              + " ms; leftovers "
              + shared.leftovers());
      for (RestartedMount mount : shared.mounts()) {
        mount.unmount();
      }
    }
  }
}
