package io.azcp.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens to the end of the file, only whole batches that were written come back. */
class JournalDamageTest {
  private static List<List<JournalRecord>> write(String path, List<Integer> sizes, Random random)
      throws IOException {
    List<List<JournalRecord>> batches = new ArrayList<>();
    try (Journal journal = Journal.open(path, batch -> {})) {
      for (int size : sizes) {
        List<JournalRecord> batch = new ArrayList<>();
        for (int i = 0; i <= size % 4; i++) {
          byte[] payload = new byte[random.nextInt(size + 1)];
          random.nextBytes(payload);
          batch.add(new JournalRecord(random.nextInt(256) - 128, payload));
        }
        journal.append(batch);
        batches.add(batch);
      }
    }
    return batches;
  }

  @Property(tries = 150)
  void aTornTailIsCutAsAWhole(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 200) Integer> sizes,
      @ForAll @IntRange(max = 10_000) int cut,
      @ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      String path = folder.resolve("journal").toString();
      var written = write(path, sizes, new Random(seed));
      byte[] bytes = Files.readAllBytes(Path.of(path));
      int keep = 16 + cut % (bytes.length - 15);
      Files.write(Path.of(path), Arrays.copyOf(bytes, keep));
      List<List<JournalRecord>> expected = fitting(written, keep);
      assertThat(JournalTest.replay(path)).isEqualTo(expected);
      appendsBehind(path, expected);
    } finally {
      delete(folder);
    }
  }

  private static List<List<JournalRecord>> fitting(List<List<JournalRecord>> written, long bytes) {
    List<List<JournalRecord>> fitting = new ArrayList<>();
    long end = 16;
    for (List<JournalRecord> batch : written) {
      end += Frame.size(batch);
      if (end <= bytes) {
        fitting.add(batch);
      }
    }
    return fitting;
  }

  @Property(tries = 150)
  void damageEndsTheJournalBeforeIt(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 200) Integer> sizes,
      @ForAll @IntRange(max = 10_000) int place,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll long seed)
      throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      String path = folder.resolve("journal").toString();
      var random = new Random(seed);
      var written = write(path, sizes, random);
      byte[] bytes = Files.readAllBytes(Path.of(path));
      int from = 16 + place % (bytes.length - 16);
      byte[] noise = new byte[Math.min(length, bytes.length - from)];
      random.nextBytes(noise);
      noise[0] = (byte) (bytes[from] ^ 0x55);
      System.arraycopy(noise, 0, bytes, from, noise.length);
      Files.write(Path.of(path), bytes);
      List<List<JournalRecord>> expected = fitting(written, from);
      assertThat(JournalTest.replay(path)).isEqualTo(expected);
      appendsBehind(path, expected);
    } finally {
      delete(folder);
    }
  }

  private static void appendsBehind(String path, List<List<JournalRecord>> before)
      throws IOException {
    List<JournalRecord> more = List.of(new JournalRecord(1, new byte[] {7}));
    try (Journal journal = Journal.open(path, batch -> {})) {
      journal.append(more);
    }
    List<List<JournalRecord>> expected = new ArrayList<>(before);
    expected.add(more);
    assertThat(JournalTest.replay(path)).isEqualTo(expected);
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
