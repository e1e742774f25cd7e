package io.azcp.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Identity;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.cache.CachedFile;
import io.azcp.cluster.ClusterLab.Draft;
import io.azcp.cluster.ClusterLab.Result;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filling the caches of all nodes. */
class CacheLandingTest {
  private static final int RANKS = 3;

  @TempDir Path folder;
  private final List<CacheFolder> caches = new ArrayList<>();

  @AfterEach
  void close() {
    caches.forEach(CacheFolder::close);
  }

  private ClusterLab lab(long limit) throws IOException {
    var lab = new ClusterLab(folder, RANKS);
    for (int rank = 0; rank < RANKS; rank++) {
      Files.createDirectories(lab.node(rank));
      caches.add(open(lab, rank, limit));
    }
    return lab.landing(rank -> new CacheLanding(caches.get(rank)));
  }

  /** A cache that never gets a byte from its source. */
  private static CacheFolder open(ClusterLab lab, int rank, long limit) throws IOException {
    return CacheFolder.open(
        CacheOptions.of(lab.node(rank).toString(), "test").withLimit(limit),
        (name, version, offset, length, sink) -> {
          throw new AzcpException(Errno.EIO, name + " was asked for");
        },
        (urgent, fetch) -> new Thread(fetch).start());
  }

  private static BlobVersion version(ClusterLab lab, String name) throws IOException {
    BlobProperties blob = lab.blobs.head(ClusterLab.CONTAINER, ClusterLab.PREFIX + name);
    return new BlobVersion(blob.etag(), blob.length(), blob.lastModified(), blob.contentMd5());
  }

  private static Draft cached() {
    var draft = new Draft();
    draft.compare = Compare.SIZE;
    return draft;
  }

  @Test
  void everyCacheServesEveryFileWithoutTheService() throws Exception {
    ClusterLab lab = lab(Long.MAX_VALUE);
    List<String> names = List.of("a/small", "empty", "large");
    lab.put("a/small", 100);
    lab.put("empty", 0);
    byte[] large = lab.put("large", 1_000_001);
    Result result = lab.run(cached());
    assertThat(result.complaints()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(lab.bytesRead.sum()).isEqualTo(1_000_101);
    for (int rank = 0; rank < RANKS; rank++) {
      CacheFolder cache = caches.get(rank);
      for (String name : names) {
        BlobVersion version = version(lab, name);
        assertThat(cache.isWhole(name, version)).isTrue();
        try (CachedFile file = cache.open(name, version)) {
          assertThat(file.whole()).isTrue();
        }
      }
      Path file = lab.node(rank).resolve("large");
      assertThat(file).hasBinaryContent(large);
      assertThat(Files.getLastModifiedTime(file).toMillis())
          .isEqualTo(version(lab, "large").lastModified());
      assertThat(Files.isWritable(file) && !isRoot()).isFalse();
      assertThat(cache.usage().wholeFiles()).isEqualTo(3);
      assertThat(cache.usage().partialBytes()).isZero();
    }
    Result again = lab.run(cached());
    assertThat(again.out().get(1)).startsWith("[diff] 0 to transfer, 3 skipped");
    assertThat(lab.bytesRead.sum()).isZero();
  }

  private static boolean isRoot() {
    return Identity.euid() == 0;
  }

  @Test
  void aReplacedBlobReplacesTheCachedFile() throws Exception {
    ClusterLab lab = lab(Long.MAX_VALUE);
    lab.put("one", 50_000);
    lab.run(cached());
    byte[] newer = new byte[50_000];
    lab.put("one", newer);
    assertThat(lab.run(cached()).code()).isZero();
    for (int rank = 0; rank < RANKS; rank++) {
      assertThat(caches.get(rank).isWhole("one", version(lab, "one"))).isTrue();
      assertThat(lab.node(rank).resolve("one")).hasBinaryContent(newer);
    }
  }

  @Test
  void whatExceedsTheLimitIsRefusedBeforeTheFirstByte() throws Exception {
    ClusterLab lab = lab(1 << 20);
    lab.put("one", 3 << 20);
    Result result = lab.run(cached());
    assertThat(result.code()).isEqualTo(8);
    assertThat(result.complaint()).contains("rank 1 on host1").contains("limit of 1048576 bytes");
    assertThat(lab.bytesRead.sum()).isZero();
    assertThat(caches.get(0).usage().partialBytes()).isZero();
  }

  @Test
  void olderFilesMakeRoom() throws Exception {
    ClusterLab lab = lab(4 << 20);
    lab.put("old", 3 << 20);
    assertThat(lab.run(cached()).code()).isZero();
    lab.blobs.delete(ClusterLab.CONTAINER, ClusterLab.PREFIX + "old", Conditions.NONE);
    lab.put("new", 3 << 20);
    Result result = lab.run(cached());
    assertThat(result.complaints()).isEmpty();
    assertThat(result.code()).isZero();
    for (int rank = 0; rank < RANKS; rank++) {
      assertThat(caches.get(rank).isWhole("new", version(lab, "new"))).isTrue();
      assertThat(lab.node(rank).resolve("old")).doesNotExist();
    }
  }
}
