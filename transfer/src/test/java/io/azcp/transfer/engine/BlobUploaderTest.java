package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BlobUploaderTest {
  private static final int BLOCK = 1000;

  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Workers workers = new Workers("test", 4);
  private final BlobUploader uploader = new BlobUploader(service, workers, BLOCK, 3);
  @TempDir Path dir;

  @BeforeEach
  void container() throws IOException {
    memory.createContainer("c");
  }

  @AfterEach
  void close() {
    workers.close();
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Upload upload(byte[] content, Conditions conditions, boolean md5) {
    return new Upload(
        "c",
        "b",
        BodySource.of(content),
        new PutOptions("text/x", "", Map.of("k", "v"), conditions),
        md5,
        BlockIds.random(),
        Upload.Validity.ALWAYS);
  }

  private byte[] stored() throws IOException {
    var out = new ByteArrayOutputStream();
    memory.get(
        "c",
        "b",
        GetRange.ALL,
        (offset, data) -> {
          byte[] chunk = new byte[data.remaining()];
          data.get(chunk);
          out.writeBytes(chunk);
        });
    return out.toByteArray();
  }

  @Test
  void belowTheBlockSizeItIsOneRequest() throws Exception {
    byte[] content = bytes(BLOCK - 1);
    BlobProperties made = uploader.upload(upload(content, Conditions.NONE, false));
    assertThat(stored()).isEqualTo(content);
    assertThat(made.contentType()).isEqualTo("text/x");
    assertThat(made.metadata()).containsEntry("k", "v");
    assertThat(service.log()).hasSize(1);
    assertThat(service.log(PUT)).hasSize(1);
  }

  @Test
  void fromTheBlockSizeOnItIsBlocksOfThatSizeAndOneCommit() throws Exception {
    byte[] content = bytes(10 * BLOCK + 1);
    BlobProperties made = uploader.upload(upload(content, Conditions.NONE, false));
    assertThat(stored()).isEqualTo(content);
    assertThat(made.length()).isEqualTo(content.length);
    assertThat(service.log(PUT_BLOCK)).hasSize(11);
    assertThat(service.log(PUT_BLOCK)).extracting(r -> r.length()).containsOnly(1000L, 1L);
    assertThat(service.log(PUT_BLOCK_LIST)).hasSize(1);
  }

  @Test
  void anMd5OfTheWholeContentIsStoredWhereAskedFor() throws Exception {
    byte[] content = bytes(3 * BLOCK);
    uploader.upload(upload(content, Conditions.NONE, true));
    String md5 =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content));
    assertThat(memory.head("c", "b").contentMd5()).isEqualTo(md5);
  }

  @Test
  void aDescriptorAndAChannelAreReadWhereverTheBlockLies() throws Exception {
    byte[] content = bytes(7 * BLOCK + 13);
    Path file = Files.write(dir.resolve("f"), content);
    int fd = Fd.open(file.toString(), Fd.O_RDONLY, 0);
    try {
      uploader.upload(Upload.of("c", "b", FileBodies.of(fd, content.length, "f"), PutOptions.NONE));
    } finally {
      Fd.close(fd);
    }
    assertThat(stored()).isEqualTo(content);
    memory.delete("c", "b", Conditions.NONE);
    try (FileChannel channel = FileChannel.open(file)) {
      uploader.upload(
          Upload.of("c", "b", FileBodies.of(channel, content.length, "f"), PutOptions.NONE));
    }
    assertThat(stored()).isEqualTo(content);
  }

  @Test
  void aFileThatEndsEarlyFailsAndCommitsNothing() throws Exception {
    Path file = Files.write(dir.resolve("f"), bytes(2500));
    try (FileChannel channel = FileChannel.open(file)) {
      Upload upload = Upload.of("c", "b", FileBodies.of(channel, 4000, "data/f"), PutOptions.NONE);
      assertThatThrownBy(() -> uploader.upload(upload)).hasMessageContaining("data/f");
    }
    assertThat(service.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void aFailedBlockEndsTheUploadAndNothingIsCommitted() {
    service.next(PUT_BLOCK, FaultyBlobService.refuse(403, "AuthorizationFailure"));
    assertThatThrownBy(() -> uploader.upload(upload(bytes(50 * BLOCK), Conditions.NONE, false)))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
    assertThat(service.log(PUT_BLOCK).size()).isLessThan(50);
    assertThat(service.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void whatIsNoLongerValidIsNotCommitted() throws Exception {
    Upload valid = upload(bytes(3 * BLOCK), Conditions.NONE, false);
    Upload stale =
        new Upload(
            "c",
            "b",
            valid.content(),
            valid.options(),
            false,
            BlockIds.random(),
            () -> {
              assertThat(service.log(PUT_BLOCK)).hasSize(3);
              throw new AzcpException(Errno.ECANCELED, "it was renamed");
            });
    assertThatThrownBy(() -> uploader.upload(stale)).hasMessage("it was renamed");
    assertThat(service.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void aRefusedConditionIsToldApartFromOurOwnCommit() throws Exception {
    Upload upload = upload(bytes(3 * BLOCK), Conditions.ABSENT, false);
    BlobProperties first = uploader.upload(upload);
    assertThatThrownBy(() -> uploader.upload(upload(bytes(2 * BLOCK), Conditions.ABSENT, false)))
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
    // The same upload again meets the blob it made itself: its first answer was lost.
    assertThat(uploader.upload(upload).etag()).isEqualTo(first.etag());
  }

  @Test
  void blocksDiscardedByAnothersCommitAreSentAgainOnce() throws Exception {
    byte[] content = bytes(3 * BLOCK);
    service.next(
        PUT_BLOCK_LIST,
        FaultyBlobService.first(
            () -> memory.put("c", "b", BodySource.of(new byte[1]), PutOptions.NONE)));
    uploader.upload(upload(content, Conditions.NONE, false));
    assertThat(stored()).isEqualTo(content);
    assertThat(service.log(PUT_BLOCK)).hasSize(6);
    assertThat(service.pendingFaults()).isZero();
  }

  @Test
  void closingTheWorkersEndsAnUploadAfterTheBlocksUnderWay() throws Exception {
    var gate = new FaultyBlobService.Gate();
    // No block goes through before the workers are closed, however slow the closing is.
    for (int i = 0; i < 100; i++) {
      service.next(PUT_BLOCK, gate);
    }
    var outcome = new AtomicReference<Throwable>();
    Thread coordinator =
        new Thread(
            () -> {
              try {
                uploader.upload(upload(bytes(100 * BLOCK), Conditions.NONE, false));
              } catch (IOException | RuntimeException e) {
                outcome.set(e);
              }
            });
    coordinator.start();
    gate.awaitArrival();
    Thread closer = new Thread(workers::close);
    closer.start();
    await().atMost(Duration.ofMinutes(1)).until(workers::isClosed);
    coordinator.join(300);
    assertThat(coordinator.isAlive()).as("waits for the block under way").isTrue();
    gate.open();
    coordinator.join();
    closer.join();
    assertThat(outcome.get())
        .isInstanceOfSatisfying(
            AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECANCELED));
    assertThat(service.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void blockIdsAreOfOneLengthAndTellUploadsApart() {
    BlockIds a = BlockIds.random();
    BlockIds b = BlockIds.random();
    assertThat(Base64.getDecoder().decode(a.id(0))).hasSize(48);
    assertThat(Arrays.asList(a.id(0), a.id(1), a.id(49_999), b.id(0))).doesNotHaveDuplicates();
    assertThat(a.made(a.id(7))).isTrue();
    assertThat(a.made(b.id(7))).isFalse();
    assertThat(new BlockIds(a.upload()).id(3)).isEqualTo(a.id(3));
    assertThat(a.made("not base64!")).isFalse();
  }

  @Test
  void theBlockSizeGrowsSoThatNoBlobNeedsMoreThanFiftyThousandBlocks() {
    long tebibyte = 1L << 40;
    BlockPlan plan = BlockPlan.of(tebibyte, BlockPlan.DEFAULT_BLOCK_SIZE);
    assertThat(plan.count()).isLessThanOrEqualTo(BlockPlan.MAX_BLOCKS);
    assertThat(plan.blockSize() % (1 << 20)).isZero();
    assertThat(plan.offset(plan.count() - 1) + plan.size(plan.count() - 1)).isEqualTo(tebibyte);
    assertThat(BlockPlan.of(200L << 30, 4L << 20).count()).isEqualTo(40_960);
    assertThat(BlockPlan.of(50_000L * (4 << 20), 4L << 20).blockSize()).isEqualTo(4L << 20);
    assertThat(BlockPlan.of(50_000L * (4 << 20) + 1, 4L << 20).blockSize()).isEqualTo(5L << 20);
  }
}
