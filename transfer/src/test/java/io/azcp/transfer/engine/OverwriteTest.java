package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.FaultyBlobService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverwriteTest extends TransferFixture {
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
