package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.base.posix.Fd;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed process leaves, and what the next one makes of it. */
class ReplayTest {
  @TempDir Path folder;
  private Volume volume;

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder).holdUploads().start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  /** kill −9 with something pending, and the next session. */
  private void killed() throws IOException {
    assertThat(volume.writeback.pending().operations()).isPositive();
    volume.restart();
  }

  // semantics: close
  @Test
  void closedFilesSurviveTheKill() throws IOException {
    volume.write("a", "one");
    volume.write("dir/b", "two");
    volume.rename("a", "c");
    killed();
    assertThat(volume.contents()).isEmpty();
    assertThat(volume.local("c").size()).isEqualTo(3);
    assertThat(volume.writeback.overlay("a")).isEmpty();
    assertThat(volume.writeback.pending().files()).isEqualTo(2);
    volume.flushed();
    assertThat(volume.contents()).containsOnly(Map.entry("c", "one"), Map.entry("dir/b", "two"));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(2);
    assertThat(volume.sessions.sessions()).isEqualTo(1);
    assertThat(volume.writeback.recovered()).isEmpty();
  }

  @Test
  void whatIsForAnotherPlaceWaitsForItAndIsTold() throws IOException {
    volume.write("a", "one");
    WritebackOptions then = volume.options;
    volume.kill();
    volume.options = Volume.elsewhere(then);
    volume.start();
    assertThat(volume.writeback.pending().files()).isZero();
    assertThat(volume.writeback.elsewhere())
        .singleElement()
        .satisfies(e -> assertThat(e.place()).endsWith("/" + then.prefix()))
        .satisfies(e -> assertThat(e.folder()).startsWith(folder.toString()));
    volume.options = then;
    volume.restart();
    assertThat(volume.writeback.elsewhere()).isEmpty();
    volume.flushed();
    assertThat(volume.contents()).containsOnly(Map.entry("a", "one"));
  }

  @Test
  void aSecondKillBeforeTheUploadLosesNothing() throws IOException {
    volume.write("a", "one");
    killed();
    assertThat(volume.append("a", " and two")).isTrue();
    killed();
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "one and two"));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
  }

  // semantics: crash
  @Test
  void filesThatWereNeverClosedAreRecoveredNotUploaded() throws IOException {
    volume.write("other", "x");
    volume.begin("dir/half", "torn");
    killed();
    assertThat(volume.writeback.overlay("dir/half")).isEmpty();
    assertThat(volume.writeback.recovered()).hasSize(1);
    assertThat(Files.readString(folder.resolve("recovered/dir/half"))).isEqualTo("torn");
    volume.flushed();
    assertThat(volume.contents()).containsOnlyKeys("other");
  }

  @Test
  void aClosedFileThatWasBeingRewrittenIsUploadedAsItLies() throws IOException {
    volume.write("a", "one");
    LocalFile again = volume.reopen("a");
    Volume.put(again, 3, "!");
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one!");
  }

  @Test
  void aCommitOfTheDeadSessionThatArrivesLateIsNoStrangers() throws Exception {
    var late = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, late);
    volume.write("a", "one");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    late.awaitArrival();
    volume.write("a", "two");
    VolumeWriteback dead = volume.writeback;
    volume.cutConnection();
    volume.sessions.kill();
    volume.start();
    try {
      // The new session has looked already when the dead one's request is executed.
      volume.service.next(
          Operation.PUT,
          FaultyBlobService.first(
              () -> {
                late.open();
                await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("a"));
              }));
      volume.flushed();
      assertThat(volume.writeback.untoldConflicts("")).isEmpty();
      assertThat(volume.contents()).containsExactly(Map.entry("a", "two"));
    } finally {
      dead.close();
    }
  }

  @Test
  void aRewriteOfAFileBeingRenamedStaysAtItsNameUnclosed() throws IOException {
    volume.foreign("z", "Z");
    volume.foreign("a", "A");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.COPY, gate);
    volume.rename("a", "t");
    gate.awaitArrival();
    volume.rename("z", "a");
    volume.rename("a", "b");
    // The content of b is the blob z, or a; emptying b lets go of both.
    volume.begin("b", "half");
    volume.cutConnection();
    gate.open();
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsOnly(Map.entry("t", "A"), Map.entry("b", "half"));
  }

  @Test
  void whatWasRemovedDoesNotComeBackForACreationThatWasNeverClosed() throws IOException {
    volume.foreign("a", "removed");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.SET_METADATA, gate);
    volume.writeback.setAttributes("a", volume.known("a"), Volume.file(0700));
    gate.awaitArrival();
    volume.unlink("a");
    volume.begin("a", "half");
    volume.cutConnection();
    gate.open();
    killed();
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
    assertThat(Files.readString(folder.resolve("recovered/a"))).isEqualTo("half");
  }

  @Test
  void anOpenFileRenamedOverAPendingOneIsThereAsItLies() throws IOException {
    volume.write("b", "closed");
    volume.begin("tmp", "open");
    volume.rename("tmp", "b");
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "open"));
  }

  @Test
  void aFileOpenForChangeThatWasRenamedIsUnderItsNewName() throws IOException {
    volume.foreign("a", "old");
    LocalFile file = volume.reopen("a");
    Volume.put(file, 3, " and more");
    volume.rename("a", "b");
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "old and more"));
  }

  @Test
  void anUntouchedFileThatWasTakenOutLeavesTheBlobAlone() throws IOException {
    volume.write("a", "one");
    volume.flushed();
    volume.reopen("a");
    killed();
    volume.flushed();
    assertThat(volume.writeback.recovered()).isEmpty();
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
    assertThat(volume.contents()).containsExactly(Map.entry("a", "one"));
  }

  // semantics: fsync
  @Test
  void afterARebootOnlyDurableFilesAreUploaded() throws IOException {
    LocalFile synced = volume.begin("synced", "safe");
    assertThat(Volume.await(synced::sync)).isNull();
    Volume.end(synced);
    volume.write("background", "also safe");
    StagedFile background = (StagedFile) volume.local("background");
    await().atMost(Duration.ofMinutes(1)).until(() -> !background.awaitsDisk());
    // So that no round of the background comes between this file's close and the kill.
    volume.keepOffDisk();
    killed();
    volume.write("late", "maybe torn");
    boolean late = ((StagedFile) volume.local("late")).awaitsDisk();
    assertThat(late).isTrue();
    volume.bootId = "boot-2";
    killed();
    volume.flushed();
    assertThat(volume.contents()).containsOnlyKeys("synced", "background");
    assertThat(Files.readString(folder.resolve("recovered/late"))).isEqualTo("maybe torn");
  }

  @Test
  void killedBetweenTheCommitAndItsRecord() throws IOException {
    volume.write("a", "one");
    killAtAnswer("a");
    assertThat(volume.contents()).containsKey("a");
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "one"));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
    assertThat(volume.writeback.pending().lastError()).isEmpty();
  }

  @Test
  void attributesSetDuringTheCommitAreKept() throws Exception {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "one");
    volume.local("a").setAttributes(a -> a.withMode(a.type() | 0704));
    volume.hurry();
    gate.awaitArrival();
    volume.local("a").setAttributes(a -> a.withMode(a.type() | 0747));
    volume.sessions.kill();
    gate.open();
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("a"));
    killed();
    volume.flushed();
    assertThat(volume.head("a").metadataValue("permissions")).isEqualTo(Integer.toString(0100747));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
  }

  @Test
  void attributesSetAfterALostAnswerAreKept() throws Exception {
    volume.service.next(Operation.PUT, FaultyBlobService.loseAnswer());
    volume.write("a", "one");
    volume.local("a").setAttributes(a -> a.withMode(a.type() | 0704));
    var headed = new FaultyBlobService.Gate();
    volume.service.next(Operation.HEAD, headed);
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    headed.awaitArrival();
    volume.local("a").setAttributes(a -> a.withMode(a.type() | 0747));
    headed.open();
    flusher.join(60_000);
    volume.flushed();
    assertThat(volume.head("a").metadataValue("permissions")).isEqualTo(Integer.toString(0100747));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
  }

  /** Lets the upload reach the service, and kills before anything else is done. */
  private void killAtAnswer(String name) throws IOException {
    var answered =
        new FaultyBlobService.Fault() {
          @Override
          public void after(FaultyBlobService.Request request) {
            volume.sessions.kill();
          }
        };
    volume.service.next(Operation.PUT, answered);
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists(name));
    volume.restart();
    try {
      flusher.join(60_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void killedBetweenCopyAndDelete() throws IOException {
    volume.foreign("a", "one");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.DELETE, gate);
    volume.rename("a", "b");
    gate.awaitArrival();
    assertThat(volume.contents()).containsOnlyKeys("a", "b");
    volume.sessions.kill();
    gate.open();
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "one"));
    assertThat(volume.requests(Operation.COPY)).isEqualTo(1);
  }

  @Test
  void killedAfterRenameDuringTheCommit() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "one");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    gate.awaitArrival();
    volume.rename("a", "b");
    volume.write("a", "other");
    volume.sessions.kill();
    gate.open();
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsOnly(Map.entry("b", "one"), Map.entry("a", "other"));
  }

  @Test
  void killedWhileAFileRenamedDuringItsCommitIsMoved() throws IOException {
    volume.foreign("b", "old");
    var committing = new FaultyBlobService.Gate();
    var moving = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, committing);
    volume.service.next(Operation.COPY, moving);
    volume.write("a", "new");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    committing.awaitArrival();
    volume.rename("a", "b");
    committing.open();
    moving.awaitArrival();
    assertThat(volume.contents()).containsEntry("a", "new").containsEntry("b", "old");
    volume.cutConnection();
    volume.sessions.kill();
    moving.open();
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "new"));
  }

  @Test
  void aCommittedFileWhoseRecordWasLostIsMovedAllTheSame() throws IOException {
    var answer = new FaultyBlobService.Gate();
    volume.service.next(
        Operation.PUT,
        new FaultyBlobService.Fault() {
          @Override
          public void after(FaultyBlobService.Request request) throws IOException {
            answer.before(request);
          }
        });
    volume.write("a", "new");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    answer.awaitArrival();
    volume.rename("a", "b");
    volume.cutConnection();
    volume.sessions.kill();
    try (var staged = Files.walk(folder.resolve("dirty"))) {
      for (Path file : staged.filter(p -> p.toString().endsWith(".data")).toList()) {
        Files.delete(file);
      }
    }
    answer.open();
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "new"));
  }

  @Test
  void whatAFileReplacedThatWasNeverCommittedIsGoneWithIt() throws IOException {
    volume.foreign("b", "replaced");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, refusedAt(gate));
    volume.write("a", "new");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    gate.awaitArrival();
    volume.rename("a", "b");
    volume.rename("b", "c");
    volume.write("c", "newcomer");
    volume.cutConnection();
    volume.sessions.kill();
    gate.open();
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("c", "newcomer"));
  }

  /** The request waits at the gate, and is never executed. */
  private static FaultyBlobService.Fault refusedAt(FaultyBlobService.Gate gate) {
    return new FaultyBlobService.Fault() {
      @Override
      public void before(FaultyBlobService.Request request) throws IOException {
        gate.before(request);
        FaultyBlobService.unreachable().before(request);
      }
    };
  }

  @Test
  void killedAfterUnlinkDuringTheCommitShowsNothing() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, thenCut(gate));
    volume.write("a", "one");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    gate.awaitArrival();
    volume.unlink("a");
    gate.open();
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("a"));
    volume.restart();
    assertThat(volume.known("a")).isNull();
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
  }

  @Test
  void killedAfterTwoWritesAndARenameDuringTheFirstCommit() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, thenCut(gate));
    volume.write("a", "one");
    var flusher = new Thread(() -> volume.flush());
    flusher.start();
    gate.awaitArrival();
    volume.write("a", "two");
    volume.rename("a", "b");
    gate.open();
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("a"));
    volume.restart();
    assertThat(volume.known("a")).isNull();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "two"));
  }

  /** The request waits at the gate; once the service has executed it the process is cut off. */
  private FaultyBlobService.Fault thenCut(FaultyBlobService.Gate gate) {
    return new FaultyBlobService.Fault() {
      @Override
      public void before(FaultyBlobService.Request request) throws IOException {
        gate.before(request);
      }

      @Override
      public void after(FaultyBlobService.Request request) {
        volume.cutConnection();
      }
    };
  }

  @Test
  void aWriterThatOutlivedTheDaemonHoldsBackTheUpload() throws Exception {
    LocalFile file = volume.begin("a", "one");
    int survivor = Fd.open("/proc/self/fd/" + file.fd(), Fd.O_RDWR, 0);
    try {
      Volume.end(file);
      killed();
      assertThat(volume.writeback.flush("", 200_000_000L)).isFalse();
      Fd.pwriteFully(survivor, java.nio.ByteBuffer.allocateDirect(1).put((byte) '!').flip(), 3);
    } finally {
      Fd.close(survivor);
    }
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one!");
  }

  @Test
  void journalsOfAnotherPlaceAreLeftAlone() throws IOException {
    volume.write("a", "one");
    WritebackOptions here = volume.options;
    volume.options =
        new WritebackOptions(
            Volume.CONTAINER,
            "elsewhere/",
            false,
            false,
            here.quiet(),
            2,
            here.firstRetry(),
            here.lastRetry(),
            here.durableWithin(),
            here.syncDeadline(),
            here.policy());
    killed();
    assertThat(volume.writeback.pending().operations()).isZero();
    volume.options = here;
    volume.restart();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "one"));
  }

  // semantics: flush
  @Test
  void stoppingLeavesWhatIsPendingToTheNextSession() throws IOException {
    volume.write("a", "one");
    volume.writeback.mkdir("d", Volume.directory());
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("d"));
    volume.stop();
    assertThat(volume.exists("a")).isFalse();
    volume.start();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "one"));
    volume.stop();
    assertThat(volume.sessions.sessions()).isZero();
    volume.start();
  }
}
