package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.engine.shard.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Syncs of which each does a part. */
class SyncShardTest extends SyncFixture {
  private static final int SHARDS = 3;

  private TransferOptions shard(int index) {
    return options.toBuilder().recursive(true).shard(new Shard(index, SHARDS)).build();
  }

  /** Files of few sizes, so that names decide. */
  private void tree() throws IOException {
    for (int i = 0; i < 40; i++) {
      file("d" + i % 3 + "/f" + i, "x".repeat(1 + i % 5));
    }
  }

  private Set<String> copied() {
    Set<String> names = Set.copyOf(heard.ended(FileResult.Status.DONE));
    heard.ended.clear();
    return names;
  }

  @Test
  void eachFileIsOfTheShardThatCopyPutsItIn() throws Exception {
    tree();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < SHARDS; i++) {
      run(SyncJob.upload(service, shard(i), sync(), heard, local, "c", "synced"));
      Set<String> synced = copied();
      new UploadJob(service, shard(i), heard, local, "c", "copied").run();
      assertThat(synced).isNotEmpty().isEqualTo(copied());
      all.addAll(synced);
    }
    assertThat(all).doesNotHaveDuplicates().hasSize(40);
  }

  @ParameterizedTest
  @EnumSource(ListingOrder.class)
  void theyFitTogetherWhateverIsThereAlreadyAndLeaveTheRest(ListingOrder order) throws Exception {
    var blobs = new MemoryBlobService(order, () -> System.currentTimeMillis() + 60_000);
    blobs.createContainer("c");
    for (String name : new String[] {"a-b", "a/x", "a/y", "b", "c/d/e", "c-d", "z"}) {
      Trees.put(blobs, "c", "p/" + name, Trees.utf8("same"));
    }
    file("only/here", "here");
    file("b", "other");
    Path there = local;
    for (int i = 0; i < SHARDS; i++) {
      SyncJob job = SyncJob.download(blobs, shard(i), sync(), heard, "c", "p", there);
      SyncResult result = run(job).result();
      assertThat(result.moved()).as("shard " + i).isBetween(2L, 3L);
      assertThat(result.unchanged()).isZero();
    }
    assertThat(heard.failed).isEmpty();
    assertThat(Trees.read(there))
        .containsOnlyKeys("a-b", "a/x", "a/y", "b", "c/d/e", "c-d", "z", "only/here");
    for (int i = 0; i < SHARDS; i++) {
      SyncJob job = SyncJob.download(blobs, shard(i), sync(), heard, "c", "p", there);
      assertThat(run(job).result().moved()).isZero();
    }
  }

  @Test
  void aShardWithoutFilesOfAnAbsentSourceSaysSo() {
    assertThatThrownBy(
            () -> run(SyncJob.download(service, shard(0), sync(), heard, "c", "none", local)))
        .hasMessageContaining("there is no blob below");
  }
}
