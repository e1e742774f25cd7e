package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE_BATCH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.ForwardingBlobService;
import io.azcp.transfer.blob.ListingOrder;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(300)
class RemovalJobTest {
  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Heard heard = new Heard();
  private final TransferOptions one = TransferOptions.defaults().withLimits(3, 1);
  private final TransferOptions all = one.withRecursive(true);

  @BeforeEach
  void blobs() throws IOException {
    memory.createContainer("c");
    for (String name : new String[] {"p/a", "p/b", "p/sub/c", "pp/other", "q"}) {
      Trees.put(memory, "c", name, Trees.utf8(name));
    }
    Trees.marker(memory, "c", "p");
  }

  private RemovalJob removal(TransferOptions options, String target) {
    return new RemovalJob(service, options, heard, "c", target);
  }

  @Test
  void peersFault3RemovingPLeavesPp() throws Exception {
    RemovalJob job = removal(all, "p");
    assertThat(job.run().isSingle()).isFalse();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("pp/other", "q");
    assertThat(job.stats().files()).isEqualTo(4);
    assertThat(heard.ended(FileResult.Status.DELETED))
        .containsExactlyInAnyOrder("p/a", "p/b", "p/sub/c", "p");
  }

  @Test
  void aPrefixThatIsAskedForTakesPpToo() throws Exception {
    removal(all.toBuilder().prefix(true).build(), "p").run();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("q");
  }

  @Test
  void aSingleBlobGoesWithAndWithoutRecursion() throws Exception {
    assertThat(removal(one, "q").run().single()).isEqualTo("q");
    assertThat(removal(all, "pp/other").run().single()).isEqualTo("pp/other");
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("p", "p/a", "p/b", "p/sub/c");
  }

  @Test
  void aDirectoryNeedsRecursionAndWhatIsNotThereIsRefused() {
    assertThatThrownBy(() -> removal(one, "pp").run()).hasMessageContaining("-r");
    assertThatThrownBy(() -> removal(one, "p/").run()).hasMessageContaining("-r");
    assertThatThrownBy(() -> removal(all, "none").run()).hasMessageContaining("nothing removed");
    assertThatThrownBy(() -> removal(one, "none").run()).hasMessageContaining("nothing removed");
    assertThat(service.log(DELETE)).isEmpty();
  }

  @Test
  void aDryRunRemovesNothing() throws Exception {
    removal(all.withDryRun(true), "p/").run();
    assertThat(heard.planned).containsExactlyInAnyOrder("p/a", "p/b", "p/sub/c", "p");
    assertThat(service.log(DELETE)).isEmpty();
    assertThat(service.log(DELETE_BATCH)).isEmpty();
  }

  @Test
  void onlyWhatTheFilterTakesGoesAndItsDirectoryStays() throws Exception {
    TransferOptions some = all.toBuilder().filter((name, time) -> !name.equals("sub/c")).build();
    RemovalJob job = removal(some, "p");
    job.run();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("p", "p/sub/c", "pp/other", "q");
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(job.stats().skipped()).isEqualTo(1);
  }

  /** A service that refuses a blob in whatever way it is to be removed. */
  private static final class Protecting extends ForwardingBlobService {
    private final String name;

    Protecting(BlobService service, String name) {
      super(service);
      this.name = name;
    }

    private ServiceException refusal() {
      return ServiceErrors.of("delete", name, 409, "SnapshotsPresent", "", "");
    }

    @Override
    public void delete(String container, String blob, Conditions conditions) throws IOException {
      if (blob.equals(name)) {
        throw refusal();
      }
      super.delete(container, blob, conditions);
    }

    @Override
    public Map<String, ServiceException> deleteBatch(
        String container, Map<String, Conditions> blobs) throws IOException {
      Map<String, Conditions> others = new LinkedHashMap<>(blobs);
      boolean asked = others.remove(name) != null;
      Map<String, ServiceException> refused =
          new LinkedHashMap<>(super.deleteBatch(container, others));
      if (asked) {
        refused.put(name, refusal());
      }
      return refused;
    }
  }

  @Test
  void oneRefusalIsCountedAndDoesNotStopTheRest() throws Exception {
    RemovalJob job = new RemovalJob(new Protecting(service, "p/a"), all, heard, "c", "p");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(heard.failed).singleElement().asString().contains("p/a", "SnapshotsPresent");
    assertThat(heard.ended(FileResult.Status.SKIPPED)).containsExactly("p");
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("p", "p/a", "pp/other", "q");
  }

  @Test
  void aServiceWithoutBatchesIsAskedForEachBlob() throws Exception {
    service.next(DELETE_BATCH, FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    RemovalJob job = removal(all, "p");
    job.run();
    assertThat(job.stats().files()).isEqualTo(4);
    assertThat(job.stats().failed()).isZero();
    assertThat(service.log(DELETE)).hasSize(4);
    assertThat(service.log(DELETE_BATCH)).hasSize(1);
  }

  @Test
  void whoMayNotDeleteLearnsItOnce() {
    service.next(DELETE_BATCH, FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    for (int i = 0; i < 4; i++) {
      service.next(DELETE, FaultyBlobService.refuse(403, "AuthorizationPermissionMismatch"));
    }
    assertThatThrownBy(() -> removal(all, "p").run()).hasMessageContaining("lacks this permission");
    assertThat(heard.failed).isEmpty();
  }

  @Test
  void manyGoInBatches() throws Exception {
    for (int i = 0; i < 700; i++) {
      Trees.put(memory, "c", "many/" + i, new byte[1]);
    }
    RemovalJob job = removal(all, "many");
    job.run();
    assertThat(job.stats().files()).isEqualTo(700);
    assertThat(service.log(DELETE_BATCH)).hasSize(3);
    assertThat(service.log(DELETE)).isEmpty();
    assertThat(Trees.blobs(memory, "c")).hasSize(6);
  }

  @Test
  void whatSomebodyElseRemovedMeanwhileIsSkipped() throws Exception {
    service.next(
        DELETE_BATCH, FaultyBlobService.first(() -> memory.delete("c", "p/b", Conditions.NONE)));
    RemovalJob job = removal(all, "p");
    job.run();
    assertThat(job.stats().failed()).isZero();
    assertThat(heard.ended(FileResult.Status.SKIPPED)).containsExactly("p/b");
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("pp/other", "q");
  }

  @ParameterizedTest
  @EnumSource(ListingOrder.class)
  void aTreeGoesWhateverTheOrderOfItsNamespace(ListingOrder order) throws Exception {
    var tree = new MemoryBlobService(order, System::currentTimeMillis);
    tree.createContainer("c");
    var random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      var name = new StringBuilder("p");
      for (int depth = random.nextInt(6); depth >= 0; depth--) {
        name.append('/').append("abc-\u00fc".charAt(random.nextInt(5))).append(random.nextInt(3));
      }
      Trees.put(tree, "c", name + "/file" + i, new byte[0]);
    }
    Trees.put(tree, "c", "p-other/x", new byte[0]);
    RemovalJob job = new RemovalJob(tree, all, heard, "c", "p");
    job.run();
    assertThat(heard.failed).isEmpty();
    assertThat(job.stats().skipped()).isZero();
    assertThat(Trees.blobs(tree, "c").keySet()).allMatch(name -> name.startsWith("p-other"));
  }
}
