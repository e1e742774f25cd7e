package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that cannot be a cache, and disks that are full. */
class UnusableFolderTest {
  @TempDir Path temporary;

  private final TestSource source = new TestSource();

  private void assertRefused(String folder, Errno errno, String words) {
    assertThatThrownBy(
            () -> CacheFolder.open(CacheOptions.of(folder, "test"), source, (u, work) -> {}))
        .isInstanceOfSatisfying(AzcpException.class, e -> assertThat(e.errno()).isEqualTo(errno))
        .hasMessageContaining(folder)
        .hasMessageContaining(words);
  }

  @Test
  void aPathThroughAFile() throws IOException {
    Files.writeString(temporary.resolve("file"), "");
    assertRefused(temporary + "/file/cache", Errno.ENOTDIR, "a part of its path is a file");
  }

  @Test
  void aReadOnlyFileSystem() throws Exception {
    mounted(
        "tmpfs",
        Mounts.MS_RDONLY,
        "size=1m",
        folder -> assertRefused(folder + "/cache", Errno.EROFS, "read-only file system"));
  }

  @Test
  void aFullDiskAtTheStart() throws Exception {
    mounted(
        "tmpfs",
        0,
        "size=1m,nr_inodes=4",
        folder -> assertRefused(folder + "/cache", Errno.ENOSPC, "its disk is full"));
  }

  @Test
  void aDiskThatFillsUpEvictsAndThenSaysSo() throws Exception {
    mounted("tmpfs", 0, "size=6m", this::fillUp);
  }

  private void fillUp(String folder) throws IOException {
    byte[] first = CacheContract.content(1, 2 << 20);
    byte[] second = CacheContract.content(2, 3 << 20);
    byte[] third = CacheContract.content(3, 5 << 20);
    BlobVersion firstVersion = source.put("first", first);
    BlobVersion secondVersion = source.put("second", second);
    BlobVersion thirdVersion = source.put("third", third);
    try (var threads = new TestThreads(2);
        var cache = CacheFolder.open(CacheOptions.of(folder + "/cache", "test"), source, threads)) {
      try (CachedFile file = cache.open("first", firstVersion)) {
        CacheContract.assertSame(Fault.readAll(file), first);
      }
      try (CachedFile file = cache.open("second", secondVersion);
          CachedFile big = cache.open("third", thirdVersion)) {
        CacheContract.assertSame(Fault.readAll(file), second);
        assertThatThrownBy(() -> Fault.readAll(big))
            .isInstanceOfSatisfying(
                AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC))
            .hasMessageContaining("third")
            .hasMessageContaining("full disk");
        assertThat(cache.isWhole("first", firstVersion)).as("evicted for the third").isFalse();
        CacheContract.assertSame(Fault.readAll(file), second);
      }
      // A fetch holds its file a moment longer than the handle does.
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptionsInstanceOf(AzcpException.class)
          .untilAsserted(
              () -> {
                try (CachedFile big = cache.open("third", thirdVersion)) {
                  CacheContract.assertSame(Fault.readAll(big), third);
                }
              });
    }
  }

  /** Something done on a mounted file system. */
  private interface OnMount {
    void run(String folder) throws Exception;
  }

  private void mounted(String type, long flags, String options, OnMount test) throws Exception {
    assumeTrue(Identity.euid() == 0, "only root can mount a small file system");
    String folder = temporary.resolve("mnt").toString();
    Files.createDirectory(Path.of(folder));
    boolean mounted = true;
    try {
      Mounts.mount(type, folder, type, flags, options);
    } catch (AzcpException refused) {
      mounted = false;
    }
    assumeTrue(mounted, "this machine lets nobody mount");
    try {
      test.run(folder);
    } finally {
      Mounts.unmount(folder, Mounts.MNT_DETACH);
    }
  }
}
