package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written, renamed, removed and uploaded, without crashes. */
class WritebackTest {
  /** The service's clock has whole seconds. */
  private static final long WHOLE_SECOND_MILLIS = 1100;

  @TempDir Path folder;
  private Volume volume;

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder).start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private void held() throws IOException {
    volume.close();
    volume.holdUploads().start();
  }

  @Test
  void closedFileIsUploadedInTheBackground() throws IOException {
    volume.write("dir/a.txt", "hello");
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("dir/a.txt"));
    assertThat(volume.contents()).containsExactly(Map.entry("dir/a.txt", "hello"));
    assertThat(volume.head("dir/a.txt").contentMd5()).isEqualTo("XUFAKrxLKna5cZ2REBfFkg==");
    assertThat(volume.head("dir/a.txt").contentType()).isEqualTo("text/plain");
    assertThat(volume.head("dir/a.txt").metadataValue("posix_owner")).isEqualTo("1000");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> volume.writeback.overlay("dir/a.txt").get() instanceof OverlayEntry.Remote);
    RemoteFile known = volume.known("dir/a.txt");
    assertThat(known.version().etag()).isEqualTo(volume.head("dir/a.txt").etag());
    assertThat(volume.cache.isWhole("dir/a.txt", known.version())).isTrue();
    assertThat(volume.writeback.pending().operations()).isZero();
  }

  @Test
  void openFileIsNotUploaded() throws Exception {
    LocalFile file = volume.begin("a", "one");
    assertThat(Volume.await(file::flush)).isNull();
    assertThat(volume.flush()).isTrue();
    assertThat(volume.exists("a")).isFalse();
    file.released(true);
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one");
  }

  // semantics: rename
  @Test
  void renamesBeforeTheUploadChangeOnlyTheRecord() throws IOException {
    held();
    volume.write("x.tmp", "checkpoint");
    volume.rename("x.tmp", "y");
    volume.rename("y", "z");
    assertThat(volume.local("z").name()).isEqualTo("z");
    assertThat(volume.writeback.overlay("x.tmp")).contains(new OverlayEntry.Removed());
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("z", "checkpoint"));
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
    assertThat(volume.requests(Operation.COPY)).isZero();
    assertThat(volume.requests(Operation.DELETE)).isZero();
  }

  // semantics: rename
  @Test
  void renameOfAFileThatIsOpenAndDirty() throws IOException {
    LocalFile file = volume.writeback.create("m.tmp", Volume.file(0600), null, true);
    file.truncate(10);
    volume.rename("m.tmp", "m");
    Volume.put(file, 0, "0123456789");
    Volume.end(file);
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("m", "0123456789"));
  }

  // semantics: rename
  @Test
  void renameOverReplacesWithoutDeletingFirst() throws IOException {
    volume.foreign("ckpt", "old");
    held();
    volume.write("ckpt.tmp", "new");
    volume.rename("ckpt.tmp", "ckpt");
    assertThat(volume.writeback.pending().files()).isEqualTo(1);
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("ckpt", "new"));
    assertThat(volume.requests(Operation.DELETE)).isZero();
  }

  @Test
  void renameOfAReplacedFileRemovesTheOldBlobAfterTheCommit() throws IOException {
    volume.foreign("a", "old");
    held();
    volume.write("a", "new");
    volume.rename("a", "b");
    assertThat(volume.exists("a")).isTrue();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("b", "new"));
    List<Operation> order =
        volume.service.log().stream()
            .map(FaultyBlobService.Request::operation)
            .filter(o -> o == Operation.PUT || o == Operation.DELETE)
            .toList();
    assertThat(order).containsExactly(Operation.PUT, Operation.DELETE);
  }

  @Test
  void renameDuringTheUpload() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "content");
    gate.awaitArrival();
    volume.rename("a", "b");
    volume.write("a", "another");
    gate.open();
    volume.flushed();
    assertThat(volume.contents())
        .containsOnly(Map.entry("b", "content"), Map.entry("a", "another"));
  }

  // semantics: unlink
  @Test
  void aNewFileAtTheOldNameOfOneThatWasRewrittenAndRenamedStays() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "first");
    gate.awaitArrival();
    assertThat(volume.append("a", " and second")).isTrue();
    volume.rename("a", "b");
    volume.write("a", "newcomer");
    gate.open();
    volume.flushed();
    assertThat(volume.contents())
        .containsOnly(Map.entry("a", "newcomer"), Map.entry("b", "first and second"));
  }

  @Test
  void unlinkDuringTheUpload() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "content");
    gate.awaitArrival();
    volume.unlink("a");
    assertThat(volume.writeback.overlay("a")).contains(new OverlayEntry.Removed());
    gate.open();
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
  }

  @Test
  void writtenAgainDuringTheUpload() throws IOException {
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.write("a", "first");
    gate.awaitArrival();
    assertThat(volume.append("a", " and second")).isTrue();
    gate.open();
    volume.flushed();
    assertThat(volume.contents()).containsExactly(Map.entry("a", "first and second"));
    assertThat(volume.writeback.pending().lastError()).isEmpty();
  }

  @Test
  void swapThroughAThirdName() throws IOException {
    volume.write("a", "A");
    volume.write("b", "B");
    volume.flushed();
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.COPY, gate);
    volume.rename("a", "t");
    gate.awaitArrival();
    volume.rename("b", "a");
    volume.rename("t", "b");
    assertThat(volume.known("b").blob()).isEqualTo("a");
    gate.open();
    volume.flushed();
    assertThat(volume.contents()).containsOnly(Map.entry("a", "B"), Map.entry("b", "A"));
    assertThat(volume.known("b").blob()).isEqualTo("b");
    assertThat(volume.cache.isWhole("b", volume.known("b").version())).isTrue();
  }

  @Test
  void aChainOfMovesThatIsReplacedAtBothEnds() throws IOException {
    volume.foreign("a", "A");
    volume.foreign("b", "old b");
    volume.foreign("z", "Z");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.COPY, gate);
    // What the chain waits for.
    volume.rename("z", "a2");
    gate.awaitArrival();
    volume.rename("a2", "y");
    volume.rename("a", "a2");
    volume.rename("a2", "b");
    volume.write("b", "B");
    volume.write("a2", "A2");
    gate.open();
    volume.flushed();
    assertThat(volume.contents())
        .containsOnly(Map.entry("y", "Z"), Map.entry("b", "B"), Map.entry("a2", "A2"));
  }

  @Test
  void unlinkOfAFileBeingMoved() throws IOException {
    volume.foreign("a", "A");
    volume.foreign("b", "B");
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.COPY, gate);
    volume.rename("a", "b");
    gate.awaitArrival();
    volume.unlink("b");
    gate.open();
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
  }

  // semantics: mode
  @Test
  void chmodWhilePendingGoesWithTheUpload() throws IOException {
    held();
    volume.write("a", "x");
    volume.local("a").setAttributes(a -> a.withMode(a.type() | 0755).withOwner(7, a.gid()));
    volume.flushed();
    assertThat(volume.head("a").metadataValue("posix_owner")).isEqualTo("7");
    assertThat(volume.requests(Operation.SET_METADATA)).isZero();
  }

  // semantics: attributes
  @Test
  void chmodOfACommittedFileKeepsContentAndOthersMetadata() throws IOException {
    volume.foreign("a", "content");
    RemoteFile before = volume.known("a");
    volume.writeback.setAttributes("a", before, Volume.file(0711));
    assertThat(volume.known("a").attributes()).isEqualTo(Volume.file(0711));
    volume.flushed();
    assertThat(volume.head("a").metadataValue("theirs")).isEqualTo("yes");
    assertThat(volume.head("a").metadataValue("posix_group")).isEqualTo("100");
    assertThat(volume.contents()).containsEntry("a", "content");
    assertThat(volume.known("a").version().etag()).isEqualTo(volume.head("a").etag());
  }

  // semantics: content-type
  @Test
  void theContentTypeIsKeptOrGuessed() throws IOException {
    volume.foreign("theirs.txt", "content", "application/x-theirs");
    RemoteFile before = volume.known("theirs.txt");
    LocalFile file = volume.writeback.create("theirs.txt", Volume.file(0644), before, false);
    Volume.put(file, 0, "ours");
    Volume.end(file);
    volume.write("page.html", "new");
    volume.write("nothing-known", "new");
    volume.flushed();
    assertThat(volume.contents()).containsEntry("theirs.txt", "ours");
    assertThat(volume.head("theirs.txt").contentType()).isEqualTo("application/x-theirs");
    assertThat(volume.head("theirs.txt").metadataValue("theirs")).isEqualTo("yes");
    assertThat(volume.head("page.html").contentType()).isEqualTo("text/html");
    volume.writeback.setAttributes("theirs.txt", volume.known("theirs.txt"), Volume.file(0600));
    volume.rename("theirs.txt", "moved");
    volume.flushed();
    assertThat(volume.head("moved").contentType()).isEqualTo("application/x-theirs");
  }

  // semantics: map
  @Test
  void aWriterThatTheKernelStillHasHoldsBackTheUpload() throws Exception {
    LocalFile file = volume.begin("a", "one");
    int late = Fd.open("/proc/self/fd/" + file.fd(), Fd.O_RDWR, 0);
    try {
      Volume.end(file);
      assertThat(volume.writeback.flush("", Duration.ofMillis(300).toNanos())).isFalse();
      assertThat(volume.exists("a")).isFalse();
      Fd.pwriteFully(late, ByteBuffer.allocateDirect(3).put(new byte[] {'t', 'w', 'o'}).flip(), 0);
    } finally {
      Fd.close(late);
    }
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "two");
  }

  @Test
  void readersDoNotHoldBackTheUpload() throws IOException {
    LocalFile file = volume.begin("a", "one");
    assertThat(file.opened(false)).isTrue();
    Volume.end(file);
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one");
    assertThat(Files.fstat(file.fd()).size()).isEqualTo(3);
    assertThat(file.opened(true)).isFalse();
    file.released(false);
    assertThat(file.opened(false)).isFalse();
  }

  @Test
  void anOpenThatChangedNothingPutsTheFileBack() throws IOException {
    volume.write("a", "one");
    volume.flushed();
    RemoteFile before = volume.known("a");
    LocalFile file = volume.reopen("a");
    assertThat(volume.cache.isWhole("a", before.version())).isFalse();
    Volume.end(file);
    volume.flushed();
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);
    assertThat(volume.cache.isWhole("a", before.version())).isTrue();
    assertThat(volume.known("a").version()).isEqualTo(before.version());
  }

  // semantics: conflict
  @Test
  void aChangeInPlaceOfWhatAStrangerChangedIsKeptBeside() throws IOException {
    volume.write("a", "ours");
    volume.flushed();
    held();
    assertThat(volume.append("a", " more")).isTrue();
    volume.foreign("a", "theirs");
    assertThat(volume.flush()).isTrue();
    Map<String, String> all = volume.contents();
    assertThat(all).hasSize(2).containsEntry("a", "theirs");
    String kept = all.keySet().stream().filter(n -> n.startsWith("a.conflict-")).findAny().get();
    assertThat(all).containsEntry(kept, "ours more");
    assertThat(volume.writeback.pending().lastError()).contains("a").contains(kept);
    assertThat(volume.known("a").version().etag()).isEqualTo(volume.head("a").etag());
    assertThat(volume.writeback.pending().operations()).isZero();
  }

  @Test
  void deletionOfWhatAStrangerReplacedLaterLeavesHis() throws Exception {
    volume.write("a", "ours");
    volume.flushed();
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.DELETE, gate);
    volume.unlink("a");
    gate.awaitArrival();
    Thread.sleep(WHOLE_SECOND_MILLIS);
    volume.foreign("a", "theirs");
    gate.open();
    assertThat(volume.flush()).isTrue();
    assertThat(volume.contents()).containsEntry("a", "theirs");
    assertThat(volume.writeback.pending().lastError()).contains("stays");
  }

  // semantics: empty-directory
  @Test
  void directories() throws IOException {
    volume.writeback.mkdir("d", Volume.directory());
    assertThat(volume.writeback.overlay("d"))
        .contains(new OverlayEntry.Directory(Volume.directory()));
    volume.flushed();
    assertThat(volume.head("d").isFolder()).isTrue();
    volume.write("d/f", "x");
    volume.flushed();
    volume.writeback.rename(
        List.of(
            new Writeback.Rename("d", "e", true, null, null, Volume.directory()),
            new Writeback.Rename("d/f", "e/f", false, volume.known("d/f"), null, null)));
    assertThat(volume.writeback.overlayChildren(""))
        .containsEntry("d", new OverlayEntry.Removed())
        .containsEntry("e", new OverlayEntry.Directory(Volume.directory()));
    volume.flushed();
    assertThat(volume.head("e").isFolder()).isTrue();
    assertThat(volume.contents()).containsExactly(Map.entry("e/f", "x"));
    volume.unlink("e/f");
    volume.writeback.rmdir("e", true);
    volume.flushed();
    assertThat(volume.exists("e")).isFalse();
    assertThat(volume.contents()).isEmpty();
  }

  @Test
  void mkdirAndRmdirBeforeTheMarkerIsWritten() throws IOException {
    held();
    var gate = new FaultyBlobService.Gate();
    volume.service.next(Operation.PUT, gate);
    volume.writeback.mkdir("slow", Volume.directory());
    gate.awaitArrival();
    volume.writeback.rmdir("slow", false);
    gate.open();
    volume.flushed();
    assertThat(volume.exists("slow")).isFalse();
  }

  // semantics: symlink
  @Test
  void aMarkerThatIsToGoIsNotForgottenForADirectoryThatMovesOn() throws IOException {
    volume.memory.put(
        Volume.CONTAINER,
        Volume.PREFIX + "d",
        io.azcp.transfer.blob.BodySource.of(new byte[0]),
        new io.azcp.transfer.blob.PutOptions(
            "", "", Map.of("hdi_isfolder", "true"), io.azcp.transfer.blob.Conditions.NONE));
    var away =
        new FaultyBlobService.Fault() {
          private volatile boolean back;

          @Override
          public void before(FaultyBlobService.Request request) throws IOException {
            if (!back) {
              volume.service.next(Operation.HEAD, this);
              FaultyBlobService.unreachable().before(request);
            }
          }
        };
    volume.service.next(Operation.HEAD, away);
    volume.writeback.rmdir("d", true);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !volume.writeback.pending().lastError().isEmpty());
    volume.writeback.mkdir("d", Volume.directory());
    volume.writeback.rename(
        List.of(new Writeback.Rename("d", "e", true, null, null, Volume.directory())));
    away.back = true;
    volume.flushed();
    assertThat(volume.exists("d")).isFalse();
    assertThat(volume.exists("e")).isTrue();
  }

  @Test
  void symbolicLinks() throws IOException {
    var link =
        volume.writeback.symlink(
            "l", "target/ä", new PosixAttributes(io.azcp.base.posix.Stat.SYMLINK | 0777, 1, 2, 3));
    assertThat(link.symlinkTarget()).isEqualTo("target/ä");
    volume.flushed();
    assertThat(volume.contents()).containsEntry("l", "target/ä");
    assertThat(volume.head("l").metadataValue("is_symlink")).isEqualTo("true");
  }

  @Test
  void closeRemoteWaitsForTheCommit() throws IOException {
    volume.close();
    volume.options = Volume.options(true, false, Duration.ofHours(1));
    volume.start();
    LocalFile file = volume.begin("a", "one");
    assertThat(Volume.await(file::flush)).isNull();
    assertThat(volume.contents()).containsEntry("a", "one");
    Volume.put(file, 3, " two");
    file.released(true);
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one two");
  }

  // semantics: close-remote
  @Test
  void closeRemoteTellsTheRefusal() throws IOException {
    volume.close();
    volume.options = Volume.options(true, false, Duration.ofHours(1));
    volume.start();
    volume.service.next(
        Operation.PUT, FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    LocalFile file = volume.begin("a", "one");
    assertThat(Volume.await(file::flush)).hasMessageContaining("AuthorizationPermissionMismatch");
    file.released(true);
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "one");
  }

  // semantics: fsync
  @Test
  void fsyncJournalsDurableAndRemoteFsyncCommits() throws IOException {
    held();
    LocalFile file = volume.begin("a", "one");
    assertThat(Volume.await(file::sync)).isNull();
    assertThat(volume.exists("a")).isFalse();
    Volume.end(file);
    volume.close();
    volume.options = Volume.options(false, true, Duration.ofHours(1));
    volume.start();
    LocalFile other = volume.begin("b", "two");
    assertThat(Volume.await(other::sync)).isNull();
    assertThat(volume.contents()).containsEntry("b", "two");
    Volume.end(other);
    volume.flushed();
    assertThat(volume.contents()).containsKeys("a", "b");
    assertThat(volume.requests(Operation.PUT)).isEqualTo(2);
  }

  // semantics: readdir
  @Test
  void listingsDoNotResurrect() throws IOException {
    volume.foreign("a", "x");
    long before = System.nanoTime();
    volume.unlink("a");
    volume.flushed();
    volume.writeback.listingArrived("", before);
    assertThat(volume.writeback.overlay("a")).contains(new OverlayEntry.Removed());
    volume.writeback.listingArrived("", System.nanoTime());
    assertThat(volume.writeback.overlay("a")).isEmpty();
  }

  // semantics: outage
  @Test
  void theServiceGoesAwayAndComesBack() throws IOException {
    for (int i = 0; i < 5; i++) {
      volume.service.next(Operation.PUT, FaultyBlobService.unreachable());
    }
    volume.service.next(Operation.PUT, FaultyBlobService.refuse(503, "ServerBusy"));
    volume.write("a", "patience");
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("a"));
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "patience");
  }

  @Test
  void aRefusalIsCountedKeptAndRetried() throws IOException {
    held();
    volume.service.next(Operation.PUT, FaultyBlobService.refuse(403, "AuthorizationFailure"));
    volume.write("a", "x");
    assertThat(volume.flush()).isFalse();
    assertThat(volume.writeback.pending().failed()).isEqualTo(1);
    assertThat(volume.writeback.pending().lastError()).contains("AuthorizationFailure");
    volume.flushed();
    assertThat(volume.contents()).containsEntry("a", "x");
  }

  // semantics: crash
  @Test
  void lostAnswersAreNeitherConflictsNorSentTwice() throws IOException {
    volume.service.next(Operation.PUT, FaultyBlobService.loseAnswer());
    volume.write("a", "x");
    volume.flushed();
    assertThat(volume.requests(Operation.PUT)).isEqualTo(1);

    volume.service.next(Operation.COPY, FaultyBlobService.loseAnswer());
    volume.service.next(Operation.DELETE, FaultyBlobService.loseAnswer());
    volume.rename("a", "b");
    volume.flushed();
    assertThat(volume.requests(Operation.COPY)).isEqualTo(1);
    assertThat(volume.contents()).containsExactly(Map.entry("b", "x"));

    volume.service.next(Operation.SET_METADATA, FaultyBlobService.loseAnswer());
    volume.writeback.setAttributes("b", volume.known("b"), Volume.file(0700));
    volume.flushed();
    assertThat(volume.requests(Operation.SET_METADATA)).isEqualTo(1);
    assertThat(volume.known("b").version().etag()).isEqualTo(volume.head("b").etag());

    volume.service.next(Operation.DELETE, FaultyBlobService.loseAnswer());
    volume.unlink("b");
    volume.flushed();
    assertThat(volume.contents()).isEmpty();

    volume.service.next(Operation.PUT, FaultyBlobService.loseAnswer());
    volume.writeback.mkdir("d", Volume.directory());
    volume.flushed();
    assertThat(volume.requests(Operation.PUT)).isEqualTo(2);
    assertThat(volume.service.pendingFaults()).isZero();
  }

  @Test
  void aLargeFileGoesInBlocksAndItsLostCommitIsRecognised() throws IOException {
    volume.service.next(Operation.PUT_BLOCK_LIST, FaultyBlobService.loseAnswer());
    String content = "0123456789abcdef".repeat(600_000);
    volume.write("big.bin", content);
    volume.flushed();
    assertThat(volume.requests(Operation.PUT_BLOCK)).isEqualTo(3);
    assertThat(volume.requests(Operation.PUT_BLOCK_LIST)).isEqualTo(1);
    assertThat(volume.contents()).containsEntry("big.bin", content);
    assertThat(volume.head("big.bin").contentMd5()).isNotEmpty();
  }
}
