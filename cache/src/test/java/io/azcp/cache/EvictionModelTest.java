package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.awaitility.Awaitility;

/**
 * A small cache under random opens, closes, pins and evictions, against a model that knows when
 * each file was used: what goes was used before all that could have gone and stayed, nothing open
 * or pinned goes, the counters say what lies on the disk, and that is never more than the limit.
 */
class EvictionModelTest {
  private static final long LIMIT = 2 << 20;
  private static final int NAMES = 24;
  private static final int STEPS = 120;

  @Property(tries = 8)
  void theLeastRecentlyUsedGoesAndTheCountersAreRight(@ForAll long seed) throws Exception {
    Path folder = java.nio.file.Files.createTempDirectory("eviction-model");
    var world = new World(folder, new Random(seed));
    try {
      for (int i = 0; i < STEPS; i++) {
        world.step();
        world.check();
      }
      assertThat(world.evicted).as("files that had to go").isGreaterThan(10);
      world.reopen();
      world.check();
    } finally {
      world.close();
      try (var files = java.nio.file.Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          java.nio.file.Files.delete(file);
        }
      }
    }
  }

  private static final class World {
    private final CacheOptions options;
    private final Random random;
    private final TestSource source = new TestSource();
    private final TestThreads threads = new TestThreads(3);
    private final AtomicLong clock = new AtomicLong(TimeUnit.SECONDS.toNanos(1_900_000_000L));
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, BlobVersion> versions = new HashMap<>();
    private final Map<String, Long> used = new HashMap<>();
    private final Map<String, CachedFile> open = new HashMap<>();
    private final Set<String> pinned = new HashSet<>();
    private final Set<String> everPinned = new HashSet<>();
    private Set<String> there = new HashSet<>();
    private CacheFolder cache;
    private int evicted;

    World(Path folder, Random random) throws IOException {
      this.random = random;
      this.options = CacheOptions.of(folder.toString(), "model").withLimit(LIMIT);
      for (int i = 0; i < NAMES; i++) {
        String name = "d" + i % 3 + "/" + i;
        contents.put(
            name, CacheContract.content(random.nextLong(), 100_000 + random.nextInt(300_000)));
        versions.put(name, source.put(name, contents.get(name)));
      }
      openCache();
    }

    private void openCache() throws IOException {
      cache = CacheFolder.open(options, source, threads, new Recency(clock::get));
    }

    private String anyName() {
      return List.copyOf(new java.util.TreeSet<>(versions.keySet())).get(random.nextInt(NAMES));
    }

    void step() throws IOException {
      clock.addAndGet(TimeUnit.MINUTES.toNanos(2));
      String name = anyName();
      switch (random.nextInt(10)) {
        case 0 -> hold(name);
        case 1, 2 -> letGo();
        case 3 -> pin(name);
        case 4 -> unpin();
        case 5 -> evict(name);
        default -> read(name);
      }
      quiet();
    }

    private void read(String name) throws IOException {
      try (CachedFile file = cache.open(name, versions.get(name))) {
        CacheContract.assertSame(Fault.readAll(file), contents.get(name));
      }
      used.put(name, clock.get());
    }

    private void hold(String name) throws IOException {
      if (open.size() < 3 && !open.containsKey(name)) {
        CachedFile file = cache.open(name, versions.get(name));
        open.put(name, file);
        CacheContract.assertSame(Fault.readAll(file), contents.get(name));
        used.put(name, clock.get());
      }
    }

    private void letGo() {
      for (String name : List.copyOf(open.keySet())) {
        open.remove(name).close();
        used.put(name, clock.get());
        return;
      }
    }

    private void pin(String name) throws IOException {
      if (pinned.size() < 3) {
        pinned.add(name);
        everPinned.add(name);
        cache.pin(name);
      }
    }

    private void unpin() throws IOException {
      for (String name : List.copyOf(pinned)) {
        pinned.remove(name);
        assertThat(cache.unpin(name)).isEqualTo(1);
        return;
      }
    }

    private void evict(String name) throws IOException {
      boolean goes = there.contains(name) && !open.containsKey(name);
      assertThat(cache.evict(name) > 0).isEqualTo(goes);
      there.remove(name);
    }

    private void quiet() {
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(threads::idle);
    }

    void check() throws IOException {
      // The keeper may be evicting to the low mark at this moment.
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(this::checkCounters);
      Set<String> now = new HashSet<>();
      cache.forEachWhole((name, version) -> now.add(name));
      checkVictims(now);
      there = now;
    }

    private void checkCounters() throws IOException {
      long[] onDisk = {0, 0};
      cache.forEachWhole(
          (name, version) -> {
            onDisk[0]++;
            onDisk[1] += Files.lstat(cache.folder() + "/" + name).blocks() * 512;
          });
      assertThat(onDisk[1]).as("bytes on the disk").isLessThanOrEqualTo(LIMIT);
      assertThat(cache.usage()).isEqualTo(new Cache.Usage(onDisk[0], onDisk[1], 0, 0, LIMIT));
    }

    private void checkVictims(Set<String> now) {
      Set<String> gone = new HashSet<>(there);
      gone.removeAll(now);
      evicted += gone.size();
      assertThat(gone).noneMatch(open::containsKey).noneMatch(pinned::contains);
      List<String> stayed = new ArrayList<>(now);
      stayed.removeAll(open.keySet());
      // What was pinned when the oldest were listed is not among them until the next list.
      stayed.removeAll(everPinned);
      for (String victim : gone) {
        for (String other : stayed) {
          assertThat(used.get(victim))
              .as("%s went, %s stayed", victim, other)
              .isLessThan(used.get(other));
        }
      }
    }

    void reopen() throws IOException {
      open.values().forEach(CachedFile::close);
      open.clear();
      cache.close();
      openCache();
    }

    void close() {
      open.values().forEach(CachedFile::close);
      cache.close();
      threads.close();
    }
  }
}
