package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.shard.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Transfers in shards, and by several workers. */
@Timeout(60)
class ShardedMoverTest {
  private static final int FILES = 40;

  @TempDir Path folder;

  private final MemoryBlobService service = new MemoryBlobService();
  private final TransferOptions options =
      TransferOptions.builder().recursive(true).blockSize(30).build();

  private static List<String> below(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).map(p -> p.getFileName().toString()).toList();
    }
  }

  private void put() throws IOException {
    service.createContainer("c");
    for (int i = 0; i < FILES; i++) {
      service.put("c", "d/f" + i, BodySource.of(new byte[i]), PutOptions.NONE);
    }
  }

  @Test
  void allShardsTogetherDownloadEveryFileOnce() throws IOException {
    put();
    List<String> got = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Path target = folder.resolve("shard" + i);
      TransferOptions sharded = options.toBuilder().shard(new Shard(i, 3)).build();
      var job = new DownloadJob(service, sharded, new Heard(), "c", "d/", target, true);
      job.run();
      List<String> here = below(target);
      assertThat(here).hasSizeBetween(FILES / 4, FILES / 2);
      assertThat(job.stats().files()).isEqualTo(here.size());
      got.addAll(here);
    }
    assertThat(got).doesNotHaveDuplicates().hasSize(FILES);
  }

  @Test
  void allShardsTogetherUploadEveryFileOnce() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Files.write(folder.resolve("f" + i), new byte[i]);
    }
    long moved = 0;
    service.createContainer("c");
    for (int i = 0; i < 3; i++) {
      TransferOptions sharded =
          options.toBuilder().shard(new Shard(i, 3)).workers(2).overwrite(Overwrite.FALSE).build();
      var job = new UploadJob(service, sharded, new Heard(), folder, "c", "up");
      job.run();
      assertThat(job.stats().skipped()).isZero();
      moved += job.stats().files();
    }
    assertThat(moved).isEqualTo(FILES);
  }

  /** Fault 6 of a peer: as many copies of a single file as workers. */
  @Test
  void manyWorkersMoveASingleFileOnce() throws IOException {
    Path file = Files.write(folder.resolve("one"), new byte[100]);
    service.createContainer("c");
    TransferOptions many = options.toBuilder().workers(4).build();
    var job = new UploadJob(service, many, new Heard(), file, "c", "one");
    job.run();
    assertThat(job.stats().files()).isEqualTo(1);
    assertThat(job.stats().movedBytes()).isEqualTo(100);
  }
}
