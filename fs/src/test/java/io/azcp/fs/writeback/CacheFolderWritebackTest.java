package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.posix.Fd;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.cache.CachedFile;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The write-back on the real cache folder and its journal. */
class CacheFolderWritebackTest {
  @TempDir Path folder;
  private final FaultyBlobService service = new FaultyBlobService(new MemoryBlobService());
  private final WritebackOptions options = Volume.options(false, false, Duration.ofHours(1));
  private Workers workers;
  private CacheFolder cache;
  private VolumeWriteback writeback;

  @BeforeEach
  void start() throws IOException {
    service.createContainer(Volume.CONTAINER);
    workers = new Workers("test-transfer", 2);
    cache =
        CacheFolder.open(
            CacheOptions.of(folder.resolve("cache").toString(), "test"),
            (name, version, offset, length, sink) -> {
              throw new IOException("nothing is to be fetched: " + name);
            },
            (urgent, fetch) -> fetch.run());
    writeback = VolumeWriteback.open(options, cache, service, workers);
  }

  @AfterEach
  void stop() {
    writeback.close();
    cache.close();
    workers.close();
  }

  private void write(String name, String content) throws IOException {
    LocalFile file = writeback.create(name, Volume.file(0644), null, false);
    Volume.put(file, 0, content);
    Volume.end(file);
  }

  private boolean flush() throws InterruptedException {
    return writeback.flush("", TimeUnit.SECONDS.toNanos(60));
  }

  private RemoteFile remote(String name) {
    return ((OverlayEntry.Remote) writeback.overlay(name).orElseThrow()).file();
  }

  private String cached(String name) throws IOException {
    RemoteFile file = remote(name);
    try (CachedFile open = cache.open(file.blob(), file.version())) {
      assertThat(open.whole()).isTrue();
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) file.version().length());
      Fd.pread(open.fd(), bytes, 0);
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
  }

  @Test
  void committedContentIsTheCachedFileOfItsVersion() throws Exception {
    write("dir/ünï", "content");
    assertThat(flush()).isTrue();
    assertThat(cached("dir/ünï")).isEqualTo("content");
    RemoteFile before = remote("dir/ünï");
    try (CachedFile whole = cache.open(before.blob(), before.version())) {
      LocalFile file = writeback.takeOut("dir/ünï", before, whole);
      Volume.put(file, file.size(), "!");
      Volume.end(file);
      ByteBuffer seen = ByteBuffer.allocateDirect(20);
      assertThat(Fd.pread(whole.fd(), seen, 0)).as("the same inode").isEqualTo(8);
    }
    assertThat(flush()).isTrue();
    assertThat(cached("dir/ünï")).isEqualTo("content!");
    writeback.rename(
        java.util.List.of(
            new Writeback.Rename("dir/ünï", "other", false, remote("dir/ünï"), null, null)));
    assertThat(flush()).isTrue();
    assertThat(cached("other")).isEqualTo("content!");
  }

  @Test
  void anOpenThatChangedNothingIsPutBack() throws Exception {
    write("a", "content");
    assertThat(flush()).isTrue();
    RemoteFile before = remote("a");
    try (CachedFile whole = cache.open(before.blob(), before.version())) {
      Volume.end(writeback.takeOut("a", before, whole));
    }
    assertThat(cache.isWhole("a", before.version())).isFalse();
    assertThat(flush()).isTrue();
    assertThat(cached("a")).isEqualTo("content");
    assertThat(service.log(FaultyBlobService.Operation.PUT)).hasSize(1);
  }

  @Test
  void whatIsPendingAtTheEndIsFlushedWithoutAMount() throws Exception {
    write("a", "one");
    write("b", "two");
    writeback.rename(java.util.List.of(new Writeback.Rename("a", "c", false, null, null, null)));
    assertThat(writeback.pending().files()).isEqualTo(2);
    writeback.close();
    assertThat(service.log(FaultyBlobService.Operation.PUT)).isEmpty();
    Writeback.Pending left =
        VolumeWriteback.flushOffline(
            options, cache, service, workers, "", TimeUnit.SECONDS.toNanos(60));
    assertThat(left.operations()).isZero();
    assertThat(service.head(Volume.CONTAINER, Volume.PREFIX + "c").length()).isEqualTo(3);
    assertThat(service.head(Volume.CONTAINER, Volume.PREFIX + "b").length()).isEqualTo(3);
    try (var sessions = Files.list(Path.of(cache.dirtyFolder()))) {
      assertThat(sessions).isEmpty();
    }
    writeback = VolumeWriteback.open(options, cache, service, workers);
  }

  @Test
  void manyPendingFilesAreReplayed() throws Exception {
    int count = 1200;
    for (int i = 0; i < count; i++) {
      write("many/" + i, "content " + i);
    }
    writeback.close();
    writeback = VolumeWriteback.open(options, cache, service, workers);
    assertThat(writeback.pending().files()).isEqualTo(count);
    assertThat(writeback.overlayChildren("many")).hasSize(count);
    assertThat(flush()).isTrue();
    assertThat(service.log(FaultyBlobService.Operation.PUT)).hasSize(count);
    assertThat(cached("many/1199")).isEqualTo("content 1199");
  }
}
