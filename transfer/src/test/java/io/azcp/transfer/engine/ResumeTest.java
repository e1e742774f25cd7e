package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.FaultyBlobService;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large downloads that are cut in their middle, and the runs after them. */
class ResumeTest extends TransferFixture {
  private static final int RANGES = 10;
  private static final int DONE = 4;
  private static final int LENGTH = RANGES * BLOCK - 17;

  /** One connection, so that ranges come one after the other. */
  private static TransferOptions.Builder oneByOne() {
    return options().concurrency(1);
  }

  private static TransferOptions.Builder oneByOne(boolean direct) {
    return oneByOne().direct(direct);
  }

  private DownloadJob job(TransferOptions.Builder options) {
    return new DownloadJob(service, options.build(), heard, "c", "", dest, false);
  }

  /** Ends a download, as ^C does, in the request after so many. */
  private DownloadJob cut(TransferOptions.Builder options) throws IOException {
    DownloadJob job = job(options);
    for (int i = 0; i < DONE; i++) {
      service.next(GET, FaultyBlobService.first(() -> {}));
    }
    service.next(GET, FaultyBlobService.first(job::cancel));
    assertThatThrownBy(job::run).hasMessageContaining("cancelled");
    service.clearLog();
    return job;
  }

  private int requests() {
    return service.log(GET).size();
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> all = Files.list(dest)) {
      return all.filter(p -> TemporaryFile.isTemporary(p.getFileName().toString())).toList();
    }
  }

  private void arrived() throws IOException {
    assertThat(heard.failed).isEmpty();
    assertThat(local()).containsOnlyKeys("large");
    assertThat(dest.resolve("large")).hasBinaryContent(Trees.get(memory, "c", "large"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theNextRunFetchesOnlyWhatIsMissing(boolean direct) throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    DownloadJob first = cut(oneByOne(direct));
    assertThat(first.stats().keptFiles()).isEqualTo(1);
    assertThat(first.stats().keptBytes()).isEqualTo(DONE * BLOCK);
    assertThat(temporaries()).hasSize(1);
    DownloadJob second = run(job(oneByOne(direct)));
    assertThat(requests()).isEqualTo(RANGES - DONE);
    assertThat(second.stats().bytes()).isEqualTo(LENGTH - DONE * BLOCK);
    assertThat(second.stats().plannedBytes()).isEqualTo(LENGTH - DONE * BLOCK);
    arrived();
  }

  @Test
  void aThirdRunGoesOnWithBoth() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    cut(oneByOne());
    run(job(oneByOne().checkMd5(CheckMd5.FAIL_IF_DIFFERENT)));
    assertThat(requests()).isEqualTo(RANGES - 2 * DONE);
    arrived();
  }

  @Test
  void anotherVersionStartsAnew() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    byte[] other = bytes(LENGTH);
    other[0]++;
    Trees.put(memory, "c", "large", other);
    run(job(oneByOne()));
    assertThat(requests()).isEqualTo(RANGES);
    arrived();
  }

  @Test
  void anotherBlockSizeStartsAnew() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    run(job(oneByOne().blockSize(2 * BLOCK)));
    assertThat(requests()).isEqualTo(RANGES / 2);
    arrived();
  }

  @Test
  void aRunToAnotherTargetStartsAnewAndRemovesWhatNobodyWants() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    Path target = dest.resolve("copy");
    run(new DownloadJob(service, oneByOne().build(), heard, "c", "large", target, false));
    assertThat(requests()).isEqualTo(RANGES);
    assertThat(local()).containsOnlyKeys("copy");
  }

  @Test
  void aSyncGoesOnToo() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    var how =
        new SyncOptions(
            io.azcp.transfer.engine.sync.CompareMethod.SIZE_AND_MTIME,
            io.azcp.transfer.engine.sync.DeleteDestination.TRUE,
            io.azcp.transfer.engine.sync.MaxDelete.NONE,
            dir);
    run(SyncJob.download(service, oneByOne().build(), how, heard, "c", "", dest));
    assertThat(requests()).isEqualTo(RANGES - DONE);
    arrived();
  }

  /** As after a power failure: the record is on the disk, the bytes are not. */
  @Test
  void aRangeWhoseBytesAreNotThereIsFetchedAgain() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    try (var file = new RandomAccessFile(temporaries().get(0).toFile(), "rw")) {
      file.seek(BLOCK + 7);
      file.write(new byte[100]);
    }
    run(job(oneByOne()));
    assertThat(requests()).isEqualTo(RANGES - DONE + 1);
    arrived();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 3 * BLOCK, LENGTH, -1})
  void aFileThatIsCutOrGoesOnIsNotTrusted(long length) throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    cut(oneByOne());
    try (var file = new RandomAccessFile(temporaries().get(0).toFile(), "rw")) {
      file.setLength(length < 0 ? file.length() + 1 : length);
    }
    run(job(oneByOne()));
    assertThat(requests()).isEqualTo(RANGES);
    arrived();
  }

  @Test
  void whatFailedByTheNetworkIsKeptAndWhatChangedIsNot() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    service.next(GET, FaultyBlobService.first(() -> {}));
    service.next(GET, FaultyBlobService.refuse(500, "InternalError"));
    DownloadJob failed = run(job(oneByOne()));
    assertThat(failed.stats().failed()).isEqualTo(1);
    assertThat(temporaries()).hasSize(1);
    service.clearLog();
    heard.failed.clear();
    service.next(GET, FaultyBlobService.first(() -> {}));
    service.next(
        GET, FaultyBlobService.first(() -> Trees.put(memory, "c", "large", bytes(LENGTH))));
    assertThat(run(job(oneByOne())).stats().failed()).isEqualTo(1);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void nothingIsKeptOfWhichNothingIsWhole() throws Exception {
    Trees.put(memory, "c", "large", bytes(LENGTH));
    DownloadJob job = job(oneByOne());
    service.next(GET, FaultyBlobService.first(job::cancel));
    assertThatThrownBy(job::run).hasMessageContaining("cancelled");
    assertThat(job.stats().keptFiles()).isZero();
    assertThat(temporaries()).isEmpty();
  }
}
