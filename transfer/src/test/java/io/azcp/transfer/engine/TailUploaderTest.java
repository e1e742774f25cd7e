package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TailUploaderTest {
  private static final int BLOCK = 1000;

  private final MemoryBlobService memory = new MemoryBlobService();
  private final FaultyBlobService service = new FaultyBlobService(memory);
  private final Workers workers = new Workers("test", 4);
  private final BlobUploader uploader = new BlobUploader(service, workers, BLOCK, 3);
  private final TailUploader tails = new TailUploader(service, workers, uploader, BLOCK, 3);
  private final byte[] all = new byte[5000];

  @BeforeEach
  void container() throws IOException {
    memory.createContainer("c");
    new Random(5).nextBytes(all);
  }

  @AfterEach
  void close() {
    workers.close();
  }

  private static Upload upload(byte[] content, Conditions conditions) {
    return new Upload(
        "c",
        "log",
        BodySource.of(content),
        new PutOptions("", "", Map.of(), conditions),
        true,
        BlockIds.random(),
        Upload.Validity.ALWAYS);
  }

  private BlobProperties begin(int length) throws IOException {
    BlobProperties made = uploader.upload(upload(Arrays.copyOf(all, length), Conditions.NONE));
    service.clearLog();
    return made;
  }

  private Optional<BlobProperties> grow(BlobProperties before, int oldLength, byte[] content)
      throws IOException {
    return tails.upload(
        upload(content, Conditions.match(before.etag())), oldLength, before.contentMd5());
  }

  private byte[] stored() throws IOException {
    var out = new ByteArrayOutputStream();
    memory.get(
        "c",
        "log",
        GetRange.ALL,
        (at, data) -> {
          byte[] b = new byte[data.remaining()];
          data.get(b);
          out.writeBytes(b);
        });
    return out.toByteArray();
  }

  private long sent() {
    return service.log(PUT_BLOCK).stream().mapToLong(FaultyBlobService.Request::length).sum();
  }

  @Test
  void sendsWhatFollowsTheFullBlocks() throws IOException {
    BlobProperties one = begin(2300);
    BlobProperties two = grow(one, 2300, Arrays.copyOf(all, 2400)).orElseThrow();
    assertThat(sent()).isEqualTo(400);
    BlobProperties three = grow(two, 2400, all).orElseThrow();
    assertThat(sent()).isEqualTo(400 + 3000);
    assertThat(stored()).isEqualTo(all);
    assertThat(memory.head("c", "log").contentMd5()).isEqualTo(three.contentMd5());
    assertThat(memory.blockList("c", "log").committed()).hasSize(5);
  }

  @Test
  void sendsNothingWhereAnEarlierByteChanged() throws IOException {
    BlobProperties one = begin(2300);
    byte[] changed = all.clone();
    changed[100]++;
    assertThat(grow(one, 2300, changed)).isEmpty();
    assertThat(sent()).isZero();
    assertThat(service.log(PUT_BLOCK_LIST)).isEmpty();
  }

  @Test
  void aBlobWithoutBlocksIsSentWhole() throws IOException {
    assertThat(grow(begin(900), 900, all)).isEmpty();
  }

  @Test
  void blocksOfOthersAreNotMixedWithOurs() throws IOException {
    memory.putBlock("c", "log", "AAAA", BodySource.of(Arrays.copyOf(all, 2000)));
    PutOptions options =
        new PutOptions("", "", Map.of(), Conditions.NONE).withMd5(md5(Arrays.copyOf(all, 2000)));
    BlobProperties theirs = memory.putBlockList("c", "log", java.util.List.of("AAAA"), options);
    assertThat(grow(theirs, 2000, all)).isEmpty();
  }

  private static String md5(byte[] content) throws IOException {
    var md5 = new ContentMd5();
    md5.add(BodySource.of(content));
    return md5.base64();
  }

  @Test
  void someoneElsesVersionIsNotReplaced() throws IOException {
    BlobProperties one = begin(2300);
    service.next(
        PUT_BLOCK_LIST,
        FaultyBlobService.first(
            () ->
                memory.put(
                    "c",
                    "log",
                    BodySource.of(new byte[3]),
                    new PutOptions("", "", Map.of(), Conditions.NONE))));
    assertThatThrownBy(() -> grow(one, 2300, all)).isInstanceOf(AzcpException.class);
    assertThat(stored()).hasSize(3);
  }

  @Test
  void discardedBlocksAreNoFailure() throws IOException {
    BlobProperties one = begin(2300);
    service.next(PUT_BLOCK_LIST, FaultyBlobService.refuse(400, "InvalidBlockList"));
    assertThat(grow(one, 2300, all)).as("the caller sends all").isEmpty();
  }
}
