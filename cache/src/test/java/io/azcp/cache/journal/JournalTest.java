package io.azcp.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path folder;

  private String path() {
    return folder.resolve("journal").toString();
  }

  private static JournalRecord record(int type, String text) {
    return new RecordWriter().text(text).record(type);
  }

  static List<List<JournalRecord>> replay(String path) throws IOException {
    List<List<JournalRecord>> batches = new ArrayList<>();
    Journal.replay(path, batches::add);
    return batches;
  }

  @Test
  void batchesComeBackInOrder() throws IOException {
    List<JournalRecord> first = List.of(record(1, "a"), record(2, "b"));
    List<JournalRecord> second = List.of(record(-3, ""));
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(first);
      journal.append(List.of());
      journal.append(second);
      journal.sync();
      assertThat(replay(path())).containsExactly(first, second);
    }
    assertThat(replay(path())).containsExactly(first, second);
  }

  @Test
  void aJournalOfAnotherVersionIsRefusedAndStays() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
    }
    Path file = folder.resolve("journal");
    byte[] bytes = Files.readAllBytes(file);
    bytes[7]++;
    Files.write(file, bytes);
    assertThatThrownBy(() -> replay(path()))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("was written by another version of azcp");
    assertThatThrownBy(() -> Journal.open(path(), batch -> {}))
        .hasMessageContaining("was written by another version of azcp");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    bytes[0]++;
    Files.write(file, bytes);
    assertThatThrownBy(() -> replay(path())).hasMessageContaining("damaged at its beginning");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void aJournalWithoutRoomToGrowUsesItsBallast() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
      assertThat(folder.resolve("journal.room")).isNotEmptyFile();
      journal.compact(List.of(record(1, "b")));
    }
    var ballast = new Ballast(path());
    assertThat(ballast.giveUp()).isTrue();
    assertThat(ballast.giveUp()).isFalse();
    assertThat(folder.resolve("journal.room")).doesNotExist();
  }

  @Test
  void reopeningGoesOnBehindTheLastBatch() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
    }
    List<List<JournalRecord>> seen = new ArrayList<>();
    try (Journal journal = Journal.open(path(), seen::add)) {
      journal.append(record(1, "b"));
    }
    assertThat(seen).hasSize(1);
    assertThat(replay(path())).containsExactly(List.of(record(1, "a")), List.of(record(1, "b")));
  }

  @Test
  void whatLiesBehindADamagedBatchNeverComesBack() throws IOException {
    long middle;
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "first"));
      middle = journal.size();
      journal.append(record(1, "other"));
      journal.append(record(1, "third"));
    }
    byte[] bytes = Files.readAllBytes(Path.of(path()));
    bytes[(int) middle + 12] ^= 1;
    Files.write(Path.of(path()), bytes);
    try (Journal journal = Journal.open(path(), batch -> {})) {
      // Of the same length as the damaged one, so that an old third batch would fit behind it.
      journal.append(record(1, "again"));
    }
    assertThat(replay(path()))
        .containsExactly(List.of(record(1, "first")), List.of(record(1, "again")));
  }

  @Test
  void compactingKeepsTheLiveRecordsAndGoesOn() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      for (int i = 0; i < 1000; i++) {
        journal.append(record(1, "number " + i));
      }
      long before = journal.size();
      journal.compact(List.of(record(1, "number 7")));
      assertThat(journal.size()).isLessThan(before);
      journal.append(record(2, "later"));
      journal.sync();
    }
    assertThat(replay(path()))
        .containsExactly(List.of(record(1, "number 7")), List.of(record(2, "later")));
    assertThat(folder).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void compactingToNothingLeavesAnEmptyJournal() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
      journal.compact(List.of());
      journal.append(record(1, "b"));
    }
    assertThat(replay(path())).containsExactly(List.of(record(1, "b")));
  }

  @Test
  void aFileOfAnotherKindIsLeftAlone() throws IOException {
    Files.writeString(Path.of(path()), "something quite different, and long enough");
    assertThatThrownBy(() -> Journal.open(path(), batch -> {}))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining(path());
    assertThat(Path.of(path())).hasContent("something quite different, and long enough");
  }

  @Test
  void aFileOfZerosIsAnEmptyJournal() throws IOException {
    Files.write(Path.of(path()), new byte[5000]);
    assertThat(replay(path())).isEmpty();
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
    }
    assertThat(replay(path())).containsExactly(List.of(record(1, "a")));
  }

  @Test
  void aMissingJournalHoldsNothing() throws IOException {
    assertThat(replay(path())).isEmpty();
  }

  @Test
  void roomIsReservedAheadAndGivenBackAtTheEnd() throws IOException {
    try (Journal journal = Journal.open(path(), batch -> {})) {
      journal.append(record(1, "a"));
      assertThat(io.azcp.base.posix.Files.lstat(path()).blocks() * 512)
          .isGreaterThanOrEqualTo(1 << 20);
    }
    assertThat(Files.size(Path.of(path()))).isLessThan(100);
  }

  @Test
  void manyThreadsAppendAndSyncTogether() throws IOException {
    int threads = 8;
    int each = 100;
    try (Journal journal = Journal.open(path(), batch -> {})) {
      List<CompletableFuture<Void>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        running.add(CompletableFuture.runAsync(() -> appendAndSync(journal, thread, each)));
      }
      running.forEach(CompletableFuture::join);
    }
    List<List<JournalRecord>> batches = replay(path());
    assertThat(batches).hasSize(threads * each);
    for (int t = 0; t < threads; t++) {
      int thread = t;
      assertThat(batches.stream().flatMap(List::stream).filter(r -> r.type() == thread))
          .isEqualTo(
              java.util.stream.IntStream.range(0, each)
                  .mapToObj(i -> record(thread, "n" + i))
                  .toList());
    }
  }

  private static void appendAndSync(Journal journal, int thread, int count) {
    try {
      for (int i = 0; i < count; i++) {
        journal.append(record(thread, "n" + i));
        if (i % 20 == 0) {
          journal.sync();
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void valuesComeBackAsTheyWereWritten() throws IOException {
    Map<String, String> map = Map.of("k", "v", "ünï", "çødé");
    JournalRecord record =
        new RecordWriter()
            .number(0)
            .number(127)
            .number(128)
            .number(Long.MAX_VALUE)
            .number(-1)
            .flag(true)
            .text("日本\0\n")
            .optionalText(null)
            .optionalText("x")
            .map(map)
            .bytes(new byte[] {1, 2})
            .record(5);
    var reader = new RecordReader(record);
    assertThat(reader.number()).isZero();
    assertThat(reader.number()).isEqualTo(127);
    assertThat(reader.number()).isEqualTo(128);
    assertThat(reader.number()).isEqualTo(Long.MAX_VALUE);
    assertThat(reader.number()).isEqualTo(-1);
    assertThat(reader.flag()).isTrue();
    assertThat(reader.text()).isEqualTo("日本\0\n");
    assertThat(reader.optionalText()).isNull();
    assertThat(reader.optionalText()).isEqualTo("x");
    assertThat(reader.map()).isEqualTo(map);
    assertThat(reader.bytes()).containsExactly(1, 2);
    assertThat(reader.atEnd()).isTrue();
    assertThatThrownBy(reader::number).isInstanceOf(AzcpException.class);
  }
}
