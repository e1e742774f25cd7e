package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;

/**
 * Random operations against a map of names to contents: whatever was opened reads as the version it
 * was opened on, whatever the cache calls whole is that version byte for byte, the limit holds, and
 * nothing of the cache's own is ever moved aside as foreign.
 */
class CacheModelTest {
  private static final String[] NAMES = {"a", "a/b", "c", "d/e", "d/f", "%"};
  private static final int STEPS = 60;

  @Property(tries = 12)
  void everyReadSeesItsVersion(@ForAll long seed, @ForAll boolean marksFolder) throws Exception {
    Path folder = Files.createTempDirectory("cache-model");
    try (var world = new World(folder, new Random(seed), marksFolder)) {
      for (int i = 0; i < STEPS; i++) {
        world.step();
      }
      world.check();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** An open file and what it must read as. */
  private static final class Reader {
    private final CachedFile file;
    private final byte[] content;

    Reader(CachedFile file, byte[] content) {
      this.file = file;
      this.content = content;
    }
  }

  /** The cache, its service, and the model of both. */
  private static final class World implements AutoCloseable {
    private final Random random;
    private final CacheOptions options;
    private final TestSource source = new TestSource();
    private final TestThreads threads = new TestThreads(3);
    private final Map<String, BlobVersion> versions = new HashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final List<Reader> readers = new ArrayList<>();
    private CacheFolder cache;
    private int serial;

    World(Path folder, Random random, boolean marksFolder) throws IOException {
      this.random = random;
      this.options =
          CacheOptions.of(folder.toString(), "model")
              .withForcedMarksFolder(marksFolder)
              .withLimit(12 << 20);
      for (String name : NAMES) {
        upload(name);
      }
      cache = CacheFolder.open(options, source, threads);
    }

    private void upload(String name) {
      int size = random.nextInt(4) == 0 ? random.nextInt(6 << 20) : random.nextInt(200_000);
      byte[] content = CacheContract.content(random.nextLong(), size);
      contents.put(name, content);
      versions.put(name, source.put(name, content));
    }

    void step() throws IOException {
      String name = NAMES[random.nextInt(NAMES.length)];
      switch (random.nextInt(12)) {
        case 0, 1, 2 -> open(name);
        case 3, 4, 5, 6 -> readSomething();
        case 7 -> closeOne();
        case 8 -> replace(name);
        case 9 -> evict(name);
        case 10 -> changeAndPublish(name);
        default -> {
          if (random.nextInt(3) == 0) {
            reopen();
          } else {
            rename(name);
          }
        }
      }
    }

    private void open(String name) throws IOException {
      if (readers.size() < 5) {
        readers.add(new Reader(cache.open(name, versions.get(name)), contents.get(name)));
      }
    }

    private void readSomething() throws IOException {
      if (readers.isEmpty()) {
        return;
      }
      Reader reader = readers.get(random.nextInt(readers.size()));
      int size = reader.content.length;
      int from = size == 0 ? 0 : random.nextInt(size);
      int length = Math.min(size - from, 1 + random.nextInt(500_000));
      boolean current =
          reader.file.version().equals(versions.get(reader.file.name()))
              || reader.file.present(from, length);
      if (current) {
        byte[] expected = Arrays.copyOfRange(reader.content, from, from + length);
        CacheContract.assertSame(Fault.read(reader.file, from, length), expected);
      }
    }

    private void closeOne() {
      if (!readers.isEmpty()) {
        readers.remove(random.nextInt(readers.size())).file.close();
      }
    }

    private void replace(String name) {
      upload(name);
    }

    private void evict(String name) throws IOException {
      cache.evict(name);
    }

    /** Takes a whole file out where it can, changes it, and publishes it as a new version. */
    private void changeAndPublish(String name) throws IOException {
      Path staging = Path.of(cache.dirtyFolder(), "s" + serial++);
      boolean openHere = readers.stream().anyMatch(r -> r.file.name().equals(name));
      if (!openHere && cache.isWhole(name, versions.get(name))) {
        cache.takeOut(name, versions.get(name), staging.toString());
        CacheContract.assertSame(Files.readAllBytes(staging), contents.get(name));
        assertThat(cache.isWhole(name, versions.get(name))).isFalse();
      }
      upload(name);
      Files.write(staging, contents.get(name));
      cache.publish(staging.toString(), name, versions.get(name));
      assertThat(cache.isWhole(name, versions.get(name))).isTrue();
    }

    /** A rename onto another name, which keeps its content but gets a new version. */
    private void rename(String name) throws IOException {
      String target = NAMES[random.nextInt(NAMES.length)];
      if (target.equals(name)) {
        return;
      }
      BlobVersion old = versions.get(name);
      var moved =
          new BlobVersion(
              "moved" + serial++, old.length(), old.lastModified() + 1, old.contentMd5());
      source.move(name, target, moved);
      contents.put(target, contents.get(name));
      versions.put(target, moved);
      cache.move(name, old, target, moved);
      upload(name);
    }

    private void reopen() throws IOException {
      closeAll();
      cache = CacheFolder.open(options, source, threads);
    }

    private void closeAll() {
      readers.forEach(reader -> reader.file.close());
      readers.clear();
      cache.close();
    }

    /** Every file reads as the service has it, and the folder holds nothing else. */
    void check() throws IOException {
      reopen();
      for (String name : NAMES) {
        try (CachedFile file = cache.open(name, versions.get(name))) {
          CacheContract.assertSame(Fault.readAll(file), contents.get(name));
        }
      }
      cache.forEachWhole(
          (name, version) -> {
            if (version.equals(versions.get(name))) {
              Path place = Path.of(options.folder(), CacheNames.path(name));
              CacheContract.assertSame(Files.readAllBytes(place), contents.get(name));
            }
          });
      assertThat(cache.usage().wholeBytes()).isLessThanOrEqualTo(options.limitBytes());
      try (var foreign = Files.list(Path.of(options.folder(), ".azcp/foreign"))) {
        Assertions.assertEquals(0, foreign.count(), "files moved aside");
      }
    }

    @Override
    public void close() {
      closeAll();
      threads.close();
    }
  }
}
