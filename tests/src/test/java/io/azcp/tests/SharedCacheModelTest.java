package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.tests.SharedCachePlan.Step;
import io.azcp.transfer.blob.FaultProxy.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/**
 * Applications open, read, seek, map and close at random through two mounts of one cache, while
 * blobs are replaced, files evicted, mounts taken away and made again, a {@code prepare} runs and
 * is killed, daemons are killed, and the network drops connections: every byte read is of the
 * version that was pinned at the open.
 *
 * <p>{@code -Dazcp.test.worlds=50 -Dazcp.test.steps=60} asks for it. A plan that fails is made
 * shorter, as long as it still fails, and told with its seed; {@code -Dazcp.test.plan='...'}
 * repeats one.
 */
@AddLifecycleHook(SharedCacheModelTest.WhenAsked.class)
class SharedCacheModelTest {
  private static final int WORLDS = Integer.getInteger("azcp.test.worlds", 1);
  private static final int STEPS = Integer.getInteger("azcp.test.steps", 6);
  private static final String PLAN = System.getProperty("azcp.test.plan", "");

  /** As many worlds as can be asked for. */
  private static final int MOST_WORLDS = 1000;

  /** Reads between two steps. */
  private static final int READS = 12;

  private static final Duration LONG = Duration.ofMinutes(4);
  private static final int KIB = 1 << 10;
  private static final int[] SIZES = {
    700, 90 * KIB, 120 * KIB, 300 * KIB, 1200 * KIB, 5000 * KIB, 11_000 * KIB
  };

  private static final AtomicInteger TRIED = new AtomicInteger();
  private static final AtomicBoolean FAILED = new AtomicBoolean();

  /** It takes minutes. */
  static final class WhenAsked implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
      return System.getProperty("azcp.test.worlds") == null && PLAN.isEmpty()
          ? SkipResult.skip("-Dazcp.test.worlds asks for it")
          : SkipResult.doNotSkip();
    }
  }

  @Provide
  Arbitrary<SharedCachePlan> plans() {
    return PLAN.isEmpty()
        ? SharedCachePlan.any(STEPS)
        : net.jqwik.api.Arbitraries.just(SharedCachePlan.parse(PLAN));
  }

  @Property(tries = MOST_WORLDS, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void everyReadIsOfTheVersionOfItsOpen(@ForAll("plans") SharedCachePlan plan) throws Exception {
    // How many tries there are cannot be said at run time; what fails is tried again, shortened.
    if (TRIED.getAndIncrement() >= WORLDS && !FAILED.get()) {
      return;
    }
    System.out.println("plan " + plan);
    try (var shared = new SharedCache("24MiB")) {
      new World(shared, plan).run();
    } catch (AssertionError | Exception e) {
      FAILED.set(true);
      throw new AssertionError("-Dazcp.test.plan='" + plan + "': " + e.getMessage(), e);
    }
  }

  @Example
  void aPlanCanBeWrittenDown() {
    String text = "-17, replace 3, kill 1, cut 999";
    assertThat(SharedCachePlan.parse(text)).hasToString(text);
    assertThat(SharedCachePlan.parse(text).steps()).hasSize(3);
  }

  /** The mounts, their applications, and what is done to them. */
  private static final class World {
    private final SharedCache shared;
    private final SharedCachePlan plan;
    private final Random random;
    private final VersionedFiles files;
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<ReadingApplication> applications = new ArrayList<>();
    private Process prepare;

    World(SharedCache shared, SharedCachePlan plan) {
      this.shared = shared;
      this.plan = plan;
      this.random = new Random(plan.readers());
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
        awaitReads();
        for (Step step : plan.steps()) {
          carryOut(step);
          awaitReads();
        }
        over.set(true);
        end();
      } finally {
        over.set(true);
        killPrepare();
      }
    }

    private void carryOut(Step step) throws Exception {
      RestartedMount mount = shared.mounts().get(step.number() % 2);
      int file = step.number() % files.count();
      switch (step.kind()) {
        case REPLACE -> files.replace(file);
        case EVICT -> shared.evict(files.name(file));
        case KILL -> {
          mount.kill();
          mount.mount();
        }
        case REMOUNT -> {
          mount.unmount();
          mount.mount();
        }
        case PREPARE -> {
          killPrepare();
          prepare = shared.prepare();
        }
        case KILL_PREPARE -> killPrepare();
        case BREAK -> shared.proxy.breakConnections();
        case CUT ->
            shared.proxy.next(
                1 + step.number() % 3, r -> r.gets(""), Fault.cut(step.number() * 100L));
        case BUSY -> shared.proxy.next(1 + step.number() % 3, r -> r.gets(""), Fault.busy());
      }
    }

    private void killPrepare() throws InterruptedException {
      if (prepare != null) {
        SharedCache.kill(prepare);
        prepare = null;
      }
    }

    private int reads() {
      return applications.stream().mapToInt(ReadingApplication::reads).sum();
    }

    /** Lets the applications get on, and ends when one has found something wrong. */
    private void awaitReads() throws Exception {
      int until = reads() + READS;
      await()
          .atMost(LONG)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> reads() >= until || applications.stream().anyMatch(ReadingApplication::failed));
      for (ReadingApplication application : applications) {
        if (application.failed()) {
          application.join();
        }
      }
    }

    private void end() throws Exception {
      for (ReadingApplication application : applications) {
        application.join();
      }
      System.out.println(
          "  "
              + reads()
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
      killPrepare();
      for (RestartedMount mount : shared.mounts()) {
        mount.unmount();
      }
    }
  }
}
