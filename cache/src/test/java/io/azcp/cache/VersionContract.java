package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What happens to a file that changes: by a stranger, by ourselves, or by being taken out to be
 * written.
 */
abstract class VersionContract extends CacheContract {
  @Test
  void aReplacedBlobIsStaleForOldOpensAndNewForNewOnes() throws IOException {
    byte[] old = content(9, 6 * MIB);
    BlobVersion oldVersion = source.put("f", old);
    CachedFile oldFile = open("f", oldVersion);
    Fault.read(oldFile, 0, 10);
    byte[] fresh = content(10, 7 * MIB);
    BlobVersion newVersion = source.put("f", fresh);
    assertThatThrownBy(() -> Fault.of(oldFile, 5 * MIB, 10).await())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
    CachedFile newFile = open("f", newVersion);
    assertSame(Fault.readAll(newFile), fresh);
    assertSame(Fault.peek(oldFile, 0, 10), java.util.Arrays.copyOf(old, 10));
    String partial = folder() + "/.azcp/partial";
    oldFile.close();
    newFile.close();
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(Path.of(partial)).isEmptyDirectory());
  }

  @Test
  void anOldVersionStaysReadableWhileTheNewOneIsPublished() throws IOException {
    byte[] old = content(11, 100_000);
    BlobVersion oldVersion = source.put("f", old);
    CachedFile oldFile = open("f", oldVersion);
    Fault.readAll(oldFile);
    byte[] fresh = content(12, 50_000);
    BlobVersion newVersion = source.put("f", fresh);
    CachedFile newFile = open("f", newVersion);
    assertSame(Fault.readAll(newFile), fresh);
    assertSame(Fault.readAll(oldFile), old);
    assertThat(cache.wholeVersion("f")).contains(newVersion);
  }

  @Test
  void theSameContentUnderANewETagIsMarkedAnew() throws IOException {
    byte[] content = content(13, 1000);
    BlobVersion first = source.put("f", content);
    fetchWhole("f", first);
    BlobVersion second = source.put("f", content);
    assertThat(cache.isWhole("f", second)).isTrue();
    assertThat(cache.wholeVersion("f")).contains(second);
    assertThat(source.requests()).hasSize(1);
  }

  @Test
  void aPublishedFileIsReadOnlyAndServed() throws IOException {
    byte[] content = content(14, 12345);
    BlobVersion version = source.put("a/b/c", content);
    cache.publish(staged("s", content), "a/b/c", version);
    assertThat(Files.stat(folder() + "/a/b/c").mode() & 0777).isEqualTo(0400);
    assertThat(Files.stat(folder()).mode() & 0777).isEqualTo(0700);
    assertSame(Fault.readAll(open("a/b/c", version)), content);
    assertThat(source.requests()).isEmpty();
    assertThat(cache.usage().wholeFiles()).isEqualTo(1);
  }

  @Test
  void aStagingFileOfAnotherLengthIsNotPublished() throws IOException {
    BlobVersion version = source.put("f", content(15, 10));
    String staging = staged("s", new byte[9]);
    assertThatThrownBy(() -> cache.publish(staging, "f", version))
        .isInstanceOf(AzcpException.class)
        .hasMessageContaining("9 bytes instead of 10");
    assertThat(cache.wholeVersion("f")).isEmpty();
  }

  @Test
  void takenOutTheSameInodeIsWritableAndTheCacheForgetsIt() throws IOException {
    byte[] content = content(16, 5000);
    BlobVersion version = source.put("d/f", content);
    cache.publish(staged("s", content), "d/f", version);
    long inode = Files.stat(folder() + "/d/f").inode();
    CachedFile reader = open("d/f", version);
    String staging = cache.dirtyFolder() + "/taken";
    cache.takeOut("d/f", version, staging);
    assertThat(Files.stat(staging).inode()).isEqualTo(inode);
    assertThat(Files.stat(staging).mode() & 0777).isEqualTo(0600);
    assertThat(cache.wholeVersion("d/f")).isEmpty();
    assertThat(cache.isWhole("d/f", version)).isFalse();
    java.nio.file.Files.write(Path.of(staging), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.peek(reader, 0, 7), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.readAll(open("d/f", version)), content);
  }

  @Test
  void takenOutAgainItIsTheSameInodeForAReaderOfTheFirstTime() throws IOException {
    BlobVersion first = source.put("f", content(18, 5000));
    cache.publish(staged("s", content(18, 5000)), "f", first);
    CachedFile reader = open("f", first);
    String staging = cache.dirtyFolder() + "/taken";
    cache.takeOut("f", first, staging);
    long inode = Files.stat(staging).inode();
    BlobVersion second = source.put("f", content(19, 5000));
    java.nio.file.Files.write(Path.of(staging), content(19, 5000));
    cache.publish(staging, "f", second);
    CachedFile later = open("f", second);
    cache.takeOut("f", second, staging);
    assertThat(Files.stat(staging).inode()).isEqualTo(inode);
    java.nio.file.Files.write(Path.of(staging), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.peek(reader, 0, 7), "changed".getBytes(StandardCharsets.UTF_8));
    assertSame(Fault.peek(later, 0, 7), "changed".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void takingOutWhatAnotherProcessReadsMakesACopy() throws IOException {
    byte[] content = content(17, 3 * MIB);
    BlobVersion version = source.put("f", content);
    cache.publish(staged("s", content), "f", version);
    try (var other = CacheFolder.open(options(folder()), source, threads);
        CachedFile reader = other.open("f", version)) {
      String staging = cache.dirtyFolder() + "/taken";
      cache.takeOut("f", version, staging);
      java.nio.file.Files.write(Path.of(staging), new byte[] {1});
      assertSame(Fault.readAll(reader), content);
      assertThat(cache.isWhole("f", version)).isTrue();
    }
  }

  @Test
  void takingOutWhatIsNotWholeSaysSo() {
    BlobVersion version = source.put("f", new byte[3]);
    assertThatThrownBy(() -> cache.takeOut("f", version, cache.dirtyFolder() + "/x"))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
  }

  @Test
  void wholeFilesFollowAMove() throws IOException {
    byte[] content = content(18, 5000);
    BlobVersion version = source.put("a/f", content);
    cache.publish(staged("s", content), "a/f", version);
    CachedFile reader = open("a/f", version);
    BlobVersion moved = new BlobVersion("0xnew", 5000, 1_800_000_000_000L, version.contentMd5());
    cache.move("a/f", version, "b/g", moved);
    assertThat(cache.wholeVersion("a/f")).isEmpty();
    assertThat(cache.wholeVersion("b/g")).contains(moved);
    assertThat(Path.of(folder(), "a")).doesNotExist();
    assertThat(reader.name()).isEqualTo("b/g");
    assertSame(Fault.readAll(reader), content);
    assertThat(source.requests()).isEmpty();
  }

  @Test
  void openPartialFilesFollowAMove() throws IOException {
    byte[] content = content(19, 10 * MIB);
    BlobVersion version = source.put("a", content);
    CachedFile file = open("a", version);
    Fault.read(file, 9 * MIB, 10);
    awaitIdle();
    BlobVersion moved =
        new BlobVersion("0xnew", 10 * MIB, 1_800_000_000_000L, version.contentMd5());
    source.move("a", "b", moved);
    cache.move("a", version, "b", moved);
    assertThat(cache.presentBytes("b", moved)).isEqualTo(RangeMap.UNIT);
    assertThat(cache.presentBytes("a", version)).isZero();
    assertSame(Fault.readAll(file), content);
    assertThat(source.bytesFetched).hasValue(content.length);
    assertThat(cache.wholeVersion("b")).contains(moved);
    assertThat(cache.wholeVersion("a")).isEmpty();
  }

  @Test
  void aFetchThatMeetsOurOwnMoveHalfwayWaitsForItsEnd() throws IOException {
    byte[] content = content(47, 10 * MIB);
    BlobVersion version = source.put("a", content);
    CachedFile file = open("a", version);
    BlobVersion moved = new BlobVersion("0xnew", 10 * MIB, 1_800_000_000_000L, "");
    List<Fault> faults = new ArrayList<>();
    cache.changing(
        "a",
        () -> {
          source.move("a", "b", moved);
          faults.add(Fault.of(file, 0, 10));
          org.awaitility.Awaitility.await()
              .atMost(Duration.ofMinutes(1))
              .until(() -> !source.requests().isEmpty());
          assertThat(faults).noneMatch(Fault::answered);
          cache.move("a", version, "b", moved);
        });
    faults.get(0).await();
    assertSame(Fault.readAll(file), content);
  }
}
