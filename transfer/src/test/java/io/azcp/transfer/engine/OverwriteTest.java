package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverwriteTest extends TransferFixture {
  private static final long HOUR = 3_600_000;

  private Path local(Path directory, String name, String content, long millis) throws IOException {
    Files.createDirectories(directory);
    Path file = Files.write(directory.resolve(name), Trees.utf8(content));
    Files.setLastModifiedTime(file, FileTime.fromMillis(millis));
    return file;
  }

  /** azcp (Rust) ignores it on downloads. */
  @Test
  void fault10NoOverwriteIsNotIgnoredOnDownload() throws Exception {
    blob("a", "theirs");
    blob("b", "theirs");
    Path a = local(dest, "a", "mine", 0);
    DownloadJob job = download(options().overwrite(Overwrite.FALSE));
    assertThat(a).hasContent("mine");
    assertThat(dest.resolve("b")).hasContent("theirs");
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(heard.ended(FileResult.Status.SKIPPED)).containsExactly("a");
  }

  @Test
  void aFileThatAppearsDuringItsDownloadIsNotReplaced() throws Exception {
    blob("small", "theirs");
    Trees.put(memory, "c", "large", bytes(3 * BLOCK));
    Files.createDirectories(dest);
    // Before each of the four answers, so that no download ends before both are there.
    for (int i = 0; i < 4; i++) {
      service.next(
          GET,
          FaultyBlobService.first(
              () -> {
                Files.writeString(dest.resolve("small"), "mine");
                Files.writeString(dest.resolve("large"), "mine");
              }));
    }
    DownloadJob job = download(options().overwrite(Overwrite.FALSE));
    assertThat(local()).containsOnlyKeys("small", "large");
    assertThat(dest.resolve("small")).hasContent("mine");
    assertThat(dest.resolve("large")).hasContent("mine");
    assertThat(job.stats().skipped()).isEqualTo(2);
    assertThat(job.stats().files()).isZero();
  }

  @Test
  void aDownloadIfNewerComparesWholeSeconds() throws Exception {
    blob("a", "theirs");
    long remote = memory.head("c", "a").lastModified() / 1000 * 1000;
    Path a = local(dest, "a", "mine", remote + 999);
    download(options().overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(a).hasContent("mine");
    local(dest, "a", "mine", remote - 1);
    download(options().overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(a).hasContent("theirs");
  }

  @Test
  void anUploadIfNewerComparesWholeSeconds() throws Exception {
    blob("a", "theirs");
    long remote = memory.head("c", "a").lastModified() / 1000 * 1000;
    local(source, "a", "mine", remote + 999);
    local(source, "new", "mine", 0);
    UploadJob job = upload(options().overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(Trees.get(memory, "c", "a")).isEqualTo(Trees.utf8("theirs"));
    assertThat(job.stats().skipped()).isEqualTo(1);
    local(source, "a", "mine", remote + 1000);
    upload(options().overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(Trees.get(memory, "c", "a")).isEqualTo(Trees.utf8("mine"));
    assertThat(Trees.get(memory, "c", "new")).isEqualTo(Trees.utf8("mine"));
  }

  /** A service whose clock is ahead of this machine's, by which its answers are dated. */
  private static BlobService ahead(long millis, LongSupplier clock) throws IOException {
    var blobs = new MemoryBlobService(() -> clock.getAsLong() + millis);
    blobs.createContainer("c");
    return new ForwardingBlobService(blobs) {
      @Override
      public long clockAheadMillis() {
        return millis;
      }
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR, -HOUR})
  void anUploadIfNewerComparesByThisMachinesClock(long ahead) throws Exception {
    long now = 1_800_000_000_000L;
    BlobService there = ahead(ahead, () -> now);
    TransferOptions newer = options().overwrite(Overwrite.IF_SOURCE_NEWER).build();
    Trees.put(there, "c", "a", Trees.utf8("theirs"));
    local(source, "a", "mine", now - 1000);
    run(new UploadJob(there, newer, heard, source, "c", ""));
    assertThat(Trees.get(there, "c", "a")).isEqualTo(Trees.utf8("theirs"));
    local(source, "a", "mine", now + 1000);
    run(new UploadJob(there, newer, heard, source, "c", ""));
    assertThat(Trees.get(there, "c", "a")).isEqualTo(Trees.utf8("mine"));
  }

  @ParameterizedTest
  @ValueSource(longs = {HOUR, -HOUR})
  void aCopyIfNewerKnowsTheClocksOfBothAccounts(long ahead) throws Exception {
    var now = new AtomicLong(1_800_000_000_000L);
    BlobService from = ahead(ahead, now::get);
    BlobService to = ahead(-ahead, now::get);
    Trees.put(from, "c", "older", Trees.utf8("from"));
    Trees.put(to, "c", "newer", Trees.utf8("to"));
    now.addAndGet(2000);
    Trees.put(from, "c", "newer", Trees.utf8("from"));
    Trees.put(to, "c", "older", Trees.utf8("to"));
    TransferOptions newer = options().overwrite(Overwrite.IF_SOURCE_NEWER).build();
    var place = new ServerCopyJob.Place("c", "");
    run(new ServerCopyJob(from, place, to, place, newer, heard));
    assertThat(heard.failed).isEmpty();
    assertThat(Trees.get(to, "c", "newer")).isEqualTo(Trees.utf8("from"));
    assertThat(Trees.get(to, "c", "older")).isEqualTo(Trees.utf8("to"));
  }

  @Test
  void aDownloadIfNewerComparesWithTheTimeThatADownloadGaveItsFile() throws Exception {
    BlobService there = ahead(-HOUR, System::currentTimeMillis);
    Trees.put(there, "c", "a", Trees.utf8("theirs"));
    TransferOptions newer = options().overwrite(Overwrite.IF_SOURCE_NEWER).build();
    run(new DownloadJob(there, newer, heard, "c", "", dest, false));
    DownloadJob again = run(new DownloadJob(there, newer, heard, "c", "", dest, false));
    assertThat(again.stats().skipped()).isEqualTo(1);
  }

  @Test
  void aBlobReplacedByAStrangerMeanwhileIsNotOverwritten() throws Exception {
    blob("a", "theirs");
    local(source, "a", "mine", memory.head("c", "a").lastModified() + 5000);
    service.next(PUT, FaultyBlobService.first(() -> blob("a", "a stranger's")));
    UploadJob job = upload(options().overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(Trees.get(memory, "c", "a")).isEqualTo(Trees.utf8("a stranger's"));
  }

  @Test
  void theUserIsAskedUntilTheAnswerIsForAll() throws Exception {
    for (String name : List.of("a", "b", "c", "d")) {
      blob(name, "theirs");
      local(dest, name, "mine", 0);
    }
    blob("new", "theirs");
    heard.answers.addAll(
        List.of(TransferEvents.Answer.YES, TransferEvents.Answer.NO, TransferEvents.Answer.ALWAYS));
    download(options().overwrite(Overwrite.PROMPT));
    assertThat(heard.asked).containsExactly("a", "b", "c");
    assertThat(dest.resolve("a")).hasContent("theirs");
    assertThat(dest.resolve("b")).hasContent("mine");
    assertThat(dest.resolve("c")).hasContent("theirs");
    assertThat(dest.resolve("d")).hasContent("theirs");
    assertThat(dest.resolve("new")).hasContent("theirs");
  }

  @Test
  void uploadsAskToo() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      blob(name, "theirs");
      local(source, name, "mine", 0);
    }
    heard.answers.add(TransferEvents.Answer.NEVER);
    UploadJob job = upload(options().overwrite(Overwrite.PROMPT));
    assertThat(heard.asked).hasSize(1);
    assertThat(job.stats().skipped()).isEqualTo(3);
    assertThat(Trees.get(memory, "c", "b")).isEqualTo(Trees.utf8("theirs"));
  }

  @Test
  void whereNobodyCanBeAskedTheJobEndsWithOneUsageError() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      blob(name, "theirs");
      local(source, name, "mine", 0);
      local(dest, name, "mine", 0);
    }
    assertThatThrownBy(() -> upload(options().overwrite(Overwrite.PROMPT)))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--overwrite");
    assertThatThrownBy(() -> download(options().overwrite(Overwrite.PROMPT)))
        .isInstanceOf(UsageException.class);
    assertThat(heard.failed).isEmpty();
  }

  @Test
  void aLinkAtTheDestinationIsReplacedAndNotFollowed() throws Exception {
    Path outside = Files.writeString(dir.resolve("outside"), "safe");
    Files.createDirectories(dest);
    Files.createSymbolicLink(dest.resolve("a"), outside);
    blob("a", "theirs");
    download(options());
    assertThat(outside).hasContent("safe");
    assertThat(dest.resolve("a")).isRegularFile().hasContent("theirs");
    assertThat(Files.isSymbolicLink(dest.resolve("a"))).isFalse();
  }
}
