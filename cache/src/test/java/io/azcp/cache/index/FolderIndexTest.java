package io.azcp.cache.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.cache.index.FolderIndex.State;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index in a folder: it outlives its process, and trouble with it is trouble for nobody. */
class FolderIndexTest extends IndexContract {
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir Path cache;

  @Override
  Index empty() {
    return open("one");
  }

  private FolderIndex open(String identity) {
    FolderIndex index = FolderIndex.of(cache.toString(), identity, 0, IndexRoom.UNBOUNDED);
    index.open(kept -> {});
    await().atMost(LONG).until(() -> index.state() != State.OPENING);
    return index;
  }

  private Path map(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().endsWith(".map")).findFirst().orElseThrow();
    }
  }

  private Path folder() {
    return cache.resolve(".azcp/index");
  }

  private void fill(FolderIndex index) {
    for (int i = 0; i < 3000; i++) {
      index.put(key(i), value(i, i));
    }
  }

  private static void holdsAll(FolderIndex index) {
    for (int i = 0; i < 3000; i++) {
      assertThat(index.get(key(i))).isEqualTo(value(i, i));
    }
  }

  @Test
  void isThereAgainAfterItWasClosed() throws IOException {
    close();
    try (FolderIndex index = open("one")) {
      assertThat(index.state()).isEqualTo(State.FOLDER);
      fill(index);
    }
    Path file = map(folder());
    try (FolderIndex index = open("one")) {
      holdsAll(index);
      assertThat(map(folder())).isEqualTo(file);
    }
    try (FolderIndex index = open("another")) {
      assertThat(index.size()).as("what it mirrors is another place").isZero();
      assertThat(map(folder())).isNotEqualTo(file);
    }
  }

  @Test
  void oneThatWasNotClosedIsMadeAnew() throws IOException {
    close();
    Path copy = cache.resolve("copy");
    try (FolderIndex index = open("one")) {
      fill(index);
      // What a killed process leaves behind, without its lock.
      copyAll(folder(), copy);
    }
    removeAll(folder());
    copyAll(copy, folder());
    Path left = map(folder());
    try (FolderIndex index = open("one")) {
      assertThat(index.size()).isZero();
      assertThat(index.state()).isEqualTo(State.FOLDER);
      assertThat(left).doesNotExist();
      fill(index);
      holdsAll(index);
    }
  }

  @Test
  void aDamagedOneIsMadeAnew() throws IOException {
    close();
    try (FolderIndex index = open("one")) {
      fill(index);
    }
    Path file = map(folder());
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(bytes.length() / 2);
      int b = bytes.read();
      bytes.seek(bytes.length() / 2);
      bytes.write(b ^ 1);
    }
    try (FolderIndex index = open("one")) {
      assertThat(index.size()).isZero();
      assertThat(index.state()).isEqualTo(State.FOLDER);
      assertThat(file).doesNotExist();
    }
    Files.writeString(folder().resolve("whole"), "\u0000nonsense\n../../x.map\n\n");
    try (FolderIndex index = open("one")) {
      assertThat(index.size()).isZero();
    }
    Files.write(folder().resolve("whole"), new byte[] {(byte) 0xff, (byte) 0xfe, 10});
    try (FolderIndex index = open("one")) {
      assertThat(index.size()).isZero();
    }
  }

  @Test
  void whatIsForgottenIsMadeAnew() throws IOException {
    FolderIndex.forget(cache.toString());
    close();
    FolderIndex index = open("one");
    fill(index);
    FolderIndex.forget(cache.toString());
    holdsAll(index);
    index.close();
    FolderIndex.forget(cache.toString());
    try (FolderIndex next = open("one")) {
      assertThat(next.size()).isZero();
    }
  }

  @Test
  void aSecondMountKeepsItsOwnInMemory() {
    try (FolderIndex second = open("one")) {
      assertThat(second.state()).isEqualTo(State.MEMORY);
      fill(second);
      holdsAll(second);
    }
  }

  @Test
  void aFullOneIsMadeAnew() {
    try (FolderIndex index = open("two")) {
      byte[] large = value(1, Index.MOST_VALUE);
      for (int i = 0; i < 40_000; i++) {
        index.put(key(i), large);
      }
      await().atMost(LONG).until(() -> index.state() != State.OPENING);
      index.put(key(1), value(1, 10));
      assertThat(index.get(key(1))).isEqualTo(value(1, 10));
    }
  }

  @Test
  void whatWasKnownBeforeItIsOpenMovesIntoIt() throws InterruptedException {
    CountDownLatch mayOpen = new CountDownLatch(1);
    Fake kept = new Fake();
    kept.put(key(1), value(1, 10));
    kept.put(key(2), value(2, 10));
    try (FolderIndex index =
        new FolderIndex(
            "fake",
            () -> {
              mayOpen.await(1, TimeUnit.MINUTES);
              return kept;
            })) {
      index.open(folder -> folder.remove(key(2)));
      index.put(key(3), value(3, 10));
      index.put(key(1), value(4, 10));
      assertThat(index.get(key(2))).isNull();
      assertThat(index.state()).isEqualTo(State.OPENING);
      mayOpen.countDown();
      await().atMost(LONG).until(() -> index.state() == State.FOLDER);
      assertThat(index.get(key(1))).isEqualTo(value(4, 10));
      assertThat(index.get(key(2))).isNull();
      assertThat(index.get(key(3))).isEqualTo(value(3, 10));
    }
    assertThat(kept.closed).isTrue();
  }

  @Test
  void oneThatFailsIsReplacedAndThenGivenUp() {
    List<Fake> made = new ArrayList<>();
    try (FolderIndex index =
        new FolderIndex(
            "fake",
            () -> {
              made.add(new Fake());
              return made.get(made.size() - 1);
            })) {
      index.open(folder -> {});
      for (int i = 1; i <= 3; i++) {
        int number = i;
        await().atMost(LONG).until(() -> index.state() == State.FOLDER && made.size() == number);
        index.put(key(1), value(1, 10));
        assertThat(index.get(key(1))).isEqualTo(value(1, 10));
        made.get(i - 1).failing = true;
        assertThat(index.get(key(1))).isNull();
        assertThat(made.get(i - 1).discarded).isTrue();
      }
      assertThat(index.state()).isEqualTo(State.MEMORY);
      index.put(key(1), value(1, 10));
      assertThat(index.get(key(1))).isEqualTo(value(1, 10));
    }
  }

  @Test
  void whereNoneCanBeOpenedMemoryHasToDo() {
    try (FolderIndex index =
        new FolderIndex(
            "fake",
            () -> {
              throw new NoClassDefFoundError("the compiler");
            })) {
      index.open(folder -> {});
      await().atMost(LONG).until(() -> index.state() == State.MEMORY);
      fill(index);
      holdsAll(index);
    }
  }

  /** An index that can fail. */
  private static final class Fake extends MemoryIndexHolder implements FolderIndex.Kept {
    volatile boolean failing;
    volatile boolean closed;
    volatile boolean discarded;

    @Override
    public byte[] get(byte[] key) {
      if (failing) {
        throw new IllegalStateException("torn");
      }
      return super.get(key);
    }

    @Override
    public void close() {
      closed = true;
    }

    @Override
    public void discard() {
      discarded = true;
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> all = Files.list(from)) {
      for (Path f : all.toList()) {
        Files.copy(f, to.resolve(f.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void removeAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      for (Path f : all.toList()) {
        Files.delete(f);
      }
    }
  }

  @Test
  void aFolderWithoutOneWaitsAndLeavesNoneWhenEndedBefore() throws Exception {
    FolderIndex index = FolderIndex.of(cache.toString(), "identity", 600_000, IndexRoom.UNBOUNDED);
    index.open(found -> {});
    index.put(new byte[] {1}, new byte[] {2});
    assertThat(index.state()).isEqualTo(FolderIndex.State.OPENING);
    assertThat(index.get(new byte[] {1})).containsExactly(2);
    index.close();
    assertThat(cache.resolve(".azcp/index/whole")).doesNotExist();
  }

  /** A folder with a limit, which notes what its index takes. */
  private record Limited(long limitBytes, AtomicLong taken) implements IndexRoom {
    @Override
    public void take(long bytes, Allocation allocation) throws IOException {
      taken.addAndGet(bytes);
      allocation.make();
    }
  }

  private FolderIndex.State openIn(Limited room) {
    FolderIndex index = FolderIndex.of(cache.resolve("limited").toString(), "one", 0, room);
    index.open(kept -> {});
    await().atMost(LONG).until(() -> index.state() != State.OPENING);
    FolderIndex.State state = index.state();
    index.close();
    return state;
  }

  @Test
  void itAsksTheFolderForItsRoomAndLeavesASmallOneAlone() throws Exception {
    Path folder = cache.resolve("limited/.azcp/index");
    var large = new Limited(4L << 30, new AtomicLong());
    assertThat(openIn(large)).isEqualTo(State.FOLDER);
    assertThat(large.taken().get()).isEqualTo(Files.size(map(folder)));
    var small = new Limited(100L << 20, new AtomicLong());
    assertThat(openIn(small)).isEqualTo(State.MEMORY);
    assertThat(small.taken().get()).isZero();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(f -> f.getFileName().toString())).containsExactly("lock");
    }
  }
}
