package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinksTest extends TransferFixture {
  private static final Map<String, String> LINK = Map.of("is_symlink", "true");

  private static TransferOptions.Builder preserving() {
    return options().symlinks(Symlinks.PRESERVE);
  }

  @Test
  void linksAreKeptAsLinksWhereverTheyPoint() throws Exception {
    Files.write(source.resolve("real"), bytes(5));
    Files.createSymbolicLink(source.resolve("relative"), Path.of("real"));
    Files.createSymbolicLink(source.resolve("dangling"), Path.of("no/where"));
    Files.createSymbolicLink(source.resolve("outside"), Path.of("/etc"));
    Files.createSymbolicLink(source.resolve("loop"), Path.of("."));
    UploadJob up = upload(preserving());
    assertThat(heard.failed).isEmpty();
    assertThat(up.stats().files()).isEqualTo(5);
    assertThat(Trees.get(memory, "c", "outside")).isEqualTo(Trees.utf8("/etc"));
    assertThat(memory.head("c", "outside").metadataValue("is_symlink")).isEqualTo("true");
    download(preserving());
    download(preserving().preservePosix(true));
    assertThat(heard.failed).isEmpty();
    for (String name : new String[] {"relative", "dangling", "outside", "loop"}) {
      assertThat(Files.readSymbolicLink(dest.resolve(name)))
          .isEqualTo(Files.readSymbolicLink(source.resolve(name)));
    }
  }

  @Test
  void aLinkWithoutOverwriteStays() throws Exception {
    blob("l", Trees.utf8("new"), LINK);
    blob("fresh", Trees.utf8("new"), LINK);
    Files.createDirectories(dest);
    Files.createSymbolicLink(dest.resolve("l"), Path.of("old"));
    DownloadJob job = download(preserving().overwrite(Overwrite.FALSE));
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(Files.readSymbolicLink(dest.resolve("l"))).isEqualTo(Path.of("old"));
    assertThat(Files.readSymbolicLink(dest.resolve("fresh"))).isEqualTo(Path.of("new"));
  }

  @Test
  void linksThatAreNotAskedForAreLeftOutAndNamed() throws Exception {
    blob("l", Trees.utf8("/etc"), LINK);
    DownloadJob job = download(options());
    assertThat(dest).doesNotExist();
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(heard.warned).singleElement().asString().contains("l").contains("symbolic link");
  }

  @Test
  void nothingIsWrittenThroughALinkThatABlobHasMade() throws Exception {
    Path victim = Files.createDirectory(dir.resolve("victim"));
    Files.writeString(victim.resolve("passwd"), "safe");
    blob("link", Trees.utf8(victim.toString()), LINK);
    blob("link/passwd", "evil");
    blob("link/deep/er", "evil");
    // In either order, and in a second run that finds the link of the first.
    for (int run = 0; run < 3; run++) {
      download(preserving().overwrite(Overwrite.TRUE));
      assertThat(victim.resolve("passwd")).hasContent("safe");
      assertThat(victim).isDirectoryNotContaining("glob:**deep");
    }
    assertThat(heard.failed).isNotEmpty();
  }

  @Test
  void aSecondRunDoesNotWriteThroughTheLinkOfTheFirst() throws Exception {
    Path victim = Files.createDirectory(dir.resolve("victim"));
    Files.createDirectories(dest);
    Files.createSymbolicLink(dest.resolve("link"), victim);
    blob("link/passwd", "evil");
    blob("fine/x", "good");
    DownloadJob job = download(preserving());
    assertThat(victim).isEmptyDirectory();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("link").contains("symbolic link");
    assertThat(dest.resolve("fine/x")).hasContent("good");
  }

  @Test
  void aLinkNeverReplacesADirectory() throws Exception {
    Files.createDirectories(dest.resolve("d"));
    Files.writeString(dest.resolve("d/x"), "mine");
    blob("d", Trees.utf8("/etc"), LINK);
    DownloadJob job = download(preserving());
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(dest.resolve("d/x")).hasContent("mine");
  }

  @Test
  void followingTakesWhatLinksPointToAndHasAnEnd() throws Exception {
    Path elsewhere = Files.createDirectory(dir.resolve("elsewhere"));
    Files.writeString(elsewhere.resolve("x"), "far");
    Files.createDirectories(source.resolve("a/b"));
    Files.writeString(source.resolve("a/f"), "near");
    Files.createSymbolicLink(source.resolve("far"), elsewhere);
    Files.createSymbolicLink(source.resolve("file"), source.resolve("a/f"));
    Files.createSymbolicLink(source.resolve("a/b/up"), source.resolve("a"));
    Files.createSymbolicLink(source.resolve("self"), source);
    Files.createSymbolicLink(source.resolve("parent"), dir);
    Files.createSymbolicLink(source.resolve("dangling"), Path.of("no/where"));
    UploadJob job = upload(options().symlinks(Symlinks.FOLLOW));
    var blobs = Trees.blobs(memory, "c");
    assertThat(blobs.get("far/x")).isEqualTo(Trees.utf8("far"));
    assertThat(blobs.get("file")).isEqualTo(Trees.utf8("near"));
    assertThat(blobs.get("parent/elsewhere/x")).isEqualTo(Trees.utf8("far"));
    assertThat(blobs).doesNotContainKey("a/b/up/f");
    assertThat(heard.failed).singleElement().asString().contains("dangling");
    assertThat(heard.warned).anyMatch(w -> w.contains("self")).anyMatch(w -> w.contains("up"));
    assertThat(job.stats().failed()).isEqualTo(1);
  }

  @Test
  void aTargetThatNoLinkCanHaveFailsThatFile() throws Exception {
    blob("zero", new byte[] {'a', 0, 'b'}, LINK);
    blob("empty", new byte[0], LINK);
    blob("good", Trees.utf8("target"), LINK);
    DownloadJob job = download(preserving());
    assertThat(job.stats().failed()).isEqualTo(2);
    assertThat(Files.readSymbolicLink(dest.resolve("good"))).isEqualTo(Path.of("target"));
    assertThat(heard.ended(FileResult.Status.FAILED)).containsExactlyInAnyOrder("zero", "empty");
  }
}
