package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalSortTest {
  @TempDir Path dir;
  private Path folder;

  @BeforeProperty
  void make() throws IOException {
    folder = Files.createTempDirectory("azcp-sort");
  }

  @AfterProperty
  void remove() throws IOException {
    Files.delete(folder);
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Entries.names().list().ofMaxSize(60);
  }

  @Property(tries = 200)
  void anyRunsAreMerged(
      @ForAll("names") List<String> names, @ForAll @IntRange(min = 1, max = 70) int run)
      throws IOException {
    List<String> expected = new ArrayList<>(names);
    expected.sort(Entries.BY_BYTES);
    EntryStream unsorted = Entries.stream(Entries.files(names));
    try (EntryStream sorted = ExternalSort.of(unsorted, folder, run)) {
      assertThat(Entries.namesOf(Entries.read(sorted))).isEqualTo(expected);
      assertThat(sorted.next()).isNull();
    }
  }

  /** 64 × 64 runs of one and more: runs of runs are merged too, and all that is said is kept. */
  @Test
  void runsOfRunsAreMerged() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      String name = String.format("d%03d/file-%05d", i / 7, i);
      var blob =
          new BlobProperties(
              "0x" + i,
              i * 1_000_003L,
              -i * 1000L,
              "text/plain",
              i % 2 == 0 ? "" : "md5==",
              "BlockBlob",
              "Hot",
              i % 3 == 0 ? Map.of("k", "ü" + i, "l", "") : Map.of());
      entries.add(Entry.remote(name, Entry.Kind.FILE, -i * 1000L + 1, blob));
    }
    List<Entry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, new Random(7));
    try (EntryStream sorted = ExternalSort.of(Entries.stream(shuffled), dir, 1)) {
      assertThat(Entries.read(sorted)).isEqualTo(entries);
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).isEmpty();
    }
  }

  /** What is open has no name, so that not even a kill leaves anything. */
  @Test
  void nothingIsEverSeenInTheFolder() throws IOException {
    try (var sort = new ExternalSort(dir, 1)) {
      for (String name : List.of("c", "b", "a")) {
        sort.add(Entries.file(name));
      }
      try (Stream<Path> left = Files.list(dir)) {
        assertThat(left).isEmpty();
      }
    }
  }

  @Test
  void aSourceThatFailsLeavesNothing() throws IOException {
    EntryStream failing =
        new EntryStream() {
          private int told;

          @Override
          public Entry next() throws IOException {
            if (told == 10) {
              throw new IOException("the page never came");
            }
            return Entries.file("x" + told++);
          }

          @Override
          public void close() {
            told = 10;
          }
        };
    assertThatThrownBy(() -> ExternalSort.of(failing, dir, 2)).hasMessage("the page never came");
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatCannotBeUsedIsNamed() {
    Path absent = dir.resolve("absent");
    EntryStream two = Entries.stream(Entries.files(List.of("a", "b")));
    assertThatThrownBy(() -> ExternalSort.of(two, absent, 1))
        .isInstanceOf(AzcpException.class)
        .hasMessageContainingAll("absent", "TMPDIR");
  }
}
