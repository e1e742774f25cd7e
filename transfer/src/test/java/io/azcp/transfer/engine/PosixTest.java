package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.azcp.base.posix.Identity;
import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PosixTest extends TransferFixture {
  private static final FileTime MODIFIED =
      FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));
  private static final FileTime ACCESSED = FileTime.from(Instant.parse("2002-03-04T05:06:07Z"));

  private static void set(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    Files.getFileAttributeView(path, BasicFileAttributeView.class)
        .setTimes(MODIFIED, ACCESSED, null);
  }

  private static Object attribute(Path path, String name) throws IOException {
    return Files.getAttribute(path, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
  }

  private static void assertRestored(Path path, String mode) throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path))).isEqualTo(mode);
    assertThat(Files.getLastModifiedTime(path)).isEqualTo(MODIFIED);
  }

  @Test
  void modesAndTimesOfFilesAndDirectoriesComeBack() throws Exception {
    Trees.write(
        source, Map.of("small", bytes(9), "d/large", bytes(3 * BLOCK), "empty", new byte[0]));
    Files.createDirectories(source.resolve("closed/below"));
    set(source.resolve("small"), "rwxr-x--x");
    set(source.resolve("d/large"), "r--------");
    set(source.resolve("empty"), "rw-rw-rw-");
    set(source.resolve("closed/below"), "rwxrwxrwx");
    set(source.resolve("closed"), "r-x------");
    set(source.resolve("d"), "rwxr-xr-x");
    upload(options().preservePosix(true));
    assertThat(memory.head("c", "closed").isFolder()).isTrue();
    BlobProperties small = memory.head("c", "small");
    assertThat(small.metadataValue("modtime")).isEqualTo("981173106123456789");
    assertThat(small.metadataValue("permissions")).isEqualTo(Integer.toString(0100751));
    assertThat(small.metadataValue("posix_owner")).isEqualTo(attribute(source, "uid").toString());
    download(options().preservePosix(true));
    assertThat(heard.failed).isEmpty();
    assertRestored(dest.resolve("small"), "rwxr-x--x");
    assertRestored(dest.resolve("d/large"), "r--------");
    assertRestored(dest.resolve("empty"), "rw-rw-rw-");
    assertRestored(dest.resolve("closed/below"), "rwxrwxrwx");
    assertRestored(dest.resolve("closed"), "r-x------");
    assertRestored(dest.resolve("d"), "rwxr-xr-x");
    assertThat(attribute(dest.resolve("small"), "lastAccessTime")).isEqualTo(ACCESSED);
  }

  @Test
  void rootGivesFilesBackToTheirOwners() throws Exception {
    assumeThat(Identity.euid()).as("only root can").isZero();
    Path file = Files.write(source.resolve("f"), bytes(3));
    Files.setAttribute(file, "unix:uid", 12345);
    Files.setAttribute(file, "unix:gid", 23456);
    Files.setAttribute(file, "unix:mode", 04755);
    upload(options().preservePosix(true));
    download(options().preservePosix(true));
    Path back = dest.resolve("f");
    assertThat(attribute(back, "uid")).isEqualTo(12345);
    assertThat(attribute(back, "gid")).isEqualTo(23456);
    assertThat((Integer) attribute(back, "mode") & 07777).isEqualTo(04755);
  }

  @Test
  void withoutItNoAttributeIsStoredAndTheTimeIsTheBlobs() throws Exception {
    Trees.write(source, Map.of("a", bytes(9)));
    Files.createDirectories(source.resolve("empty"));
    upload(options());
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("a");
    assertThat(memory.head("c", "a").metadata()).isEmpty();
    download(options());
    assertThat(Files.getLastModifiedTime(dest.resolve("a")).toMillis())
        .isEqualTo(memory.head("c", "a").lastModified());
  }

  @Test
  void metadataTypeAndHeadersAreGivenToEveryBlob() throws Exception {
    Trees.write(source, Map.of("a.txt", bytes(9), "b.txt", bytes(3 * BLOCK)));
    var given =
        new io.azcp.transfer.blob.PutOptions(
            "", "", Map.of("project", "x"), io.azcp.transfer.blob.Conditions.NONE);
    upload(options().attributes(given).preservePosix(true));
    for (String name : new String[] {"a.txt", "b.txt"}) {
      assertThat(memory.head("c", name).metadataValue("project")).isEqualTo("x");
      assertThat(memory.head("c", name).metadataValue("permissions")).isNotEmpty();
      assertThat(memory.head("c", name).contentType()).isEqualTo("text/plain");
    }
    upload(options().guessType(false));
    assertThat(memory.head("c", "a.txt").contentType()).isEqualTo("application/octet-stream");
    var typed =
        new io.azcp.transfer.blob.PutOptions(
            "image/png", "", Map.of(), io.azcp.transfer.blob.Conditions.NONE);
    upload(options().attributes(typed).guessType(false));
    assertThat(memory.head("c", "a.txt").contentType()).isEqualTo("image/png");
  }

  @Test
  void valuesNobodyUnderstandsDoNotCount() throws Exception {
    blob(
        "a",
        bytes(3),
        Map.of(
            "modtime", "yesterday", "permissions", "rwx", "posix_owner", "-", "posix_atime", "x"));
    download(options().preservePosix(true));
    assertThat(heard.failed).isEmpty();
    assertThat(Files.getLastModifiedTime(dest.resolve("a")).toMillis())
        .isEqualTo(memory.head("c", "a").lastModified());
  }

  @Test
  void aSourceIsNewerByItsStoredTime() throws Exception {
    Path file = Files.write(source.resolve("a"), bytes(3));
    Files.setLastModifiedTime(file, MODIFIED);
    upload(options().preservePosix(true));
    download(options().preservePosix(true));
    DownloadJob again =
        download(options().preservePosix(true).overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(again.stats().skipped()).isEqualTo(1);
    UploadJob up = upload(options().preservePosix(true).overwrite(Overwrite.IF_SOURCE_NEWER));
    assertThat(up.stats().skipped()).isEqualTo(1);
  }
}
