package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.COPY;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.DELETE;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RemovalAndCopyJobTest {
  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Heard heard = new Heard();
  private final TransferOptions one = TransferOptions.defaults().withLimits(3, 1);
  private final TransferOptions all = one.withRecursive(true);

  @BeforeEach
  void blobs() throws IOException {
    memory.createContainer("c");
    memory.createContainer("d");
    for (String name : new String[] {"p/a", "p/b", "p/sub/c", "pp/other", "q"}) {
      Trees.put(memory, "c", name, Trees.utf8(name));
    }
    Trees.marker(memory, "c", "p");
  }

  private RemovalJob removal(TransferOptions options, String target) {
    return new RemovalJob(service, options, heard, "c", target);
  }

  private ServerCopyJob copy(TransferOptions options, String source, String target) {
    return new ServerCopyJob(
        service,
        options,
        heard,
        new ServerCopyJob.Place("c", source),
        new ServerCopyJob.Place("d", target));
  }

  @Test
  void aPrefixIsADirectoryAndItsMarkerGoesWithIt() throws Exception {
    RemovalJob job = removal(all, "p");
    assertThat(job.run().isSingle()).isFalse();
    assertThat(Trees.blobs(memory, "c")).containsOnlyKeys("pp/other", "q");
    assertThat(job.stats().files()).isEqualTo(4);
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
    assertThat(heard.planned).containsExactly("p/a", "p/b", "p/sub/c", "p");
    assertThat(service.log(DELETE)).isEmpty();
  }

  @Test
  void oneRefusalIsCountedAndDoesNotStopTheRest() throws Exception {
    service.next(DELETE, FaultyBlobService.refuse(409, "SnapshotsPresent"));
    RemovalJob job = removal(all, "p");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(3);
    assertThat(heard.failed).singleElement().asString().contains("SnapshotsPresent");
  }

  @Test
  void theServiceCopiesWithoutBytesPassingHere() throws Exception {
    ServerCopyJob job = copy(all, "p", "x");
    job.run();
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("x/a", "x/b", "x/sub/c");
    assertThat(Trees.get(memory, "d", "x/sub/c")).isEqualTo(Trees.utf8("p/sub/c"));
    assertThat(service.log(GET)).isEmpty();
    assertThat(job.stats().files()).isEqualTo(3);
  }

  @Test
  void aSingleBlobIsCopiedToTheNameOrIntoTheDirectory() throws Exception {
    copy(one, "p/a", "n").run();
    copy(one, "p/a", "dir/").run();
    copy(all, "p/a", "").run();
    assertThat(Trees.blobs(memory, "d")).containsOnlyKeys("n", "dir/a", "a");
  }

  @Test
  void aSourceThatChangesIsNotCopied() throws Exception {
    service.next(
        COPY,
        FaultyBlobService.first(
            () -> memory.put("c", "q", BodySource.of(new byte[9]), PutOptions.NONE)));
    ServerCopyJob job = copy(one, "q", "");
    job.run();
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(Trees.blobs(memory, "d")).isEmpty();
  }

  @Test
  void withoutOverwriteWhatIsThereStays() throws Exception {
    Trees.put(memory, "d", "a", Trees.utf8("theirs"));
    ServerCopyJob job = copy(all.withOverwrite(false), "p", "");
    job.run();
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(job.stats().files()).isEqualTo(2);
    assertThat(Trees.get(memory, "d", "a")).isEqualTo(Trees.utf8("theirs"));
  }

  @Test
  void aDirectoryIsNotCopiedIntoItself() {
    var job =
        new ServerCopyJob(
            service,
            all,
            heard,
            new ServerCopyJob.Place("c", "p"),
            new ServerCopyJob.Place("c", "p/below"));
    assertThatThrownBy(job::run).hasMessageContaining("itself");
    assertThatThrownBy(() -> copy(one, "none", "x").run()).hasMessageContaining("no blob");
  }
}
