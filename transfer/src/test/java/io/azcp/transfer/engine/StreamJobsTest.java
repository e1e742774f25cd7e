package io.azcp.transfer.engine;

import static io.azcp.transfer.blob.FaultyBlobService.Operation.GET;
import static io.azcp.transfer.blob.FaultyBlobService.Operation.PUT_BLOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.PutOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamJobsTest extends TransferFixture {
  private StreamUpload up(TransferOptions.Builder options, byte[] input) throws IOException {
    var channel = Channels.newChannel(new ByteArrayInputStream(input));
    return run(new StreamUpload(service, options.build(), heard, channel, "c", "p/in.txt"));
  }

  private StreamDownload down(TransferOptions.Builder options, WritableByteChannel to)
      throws IOException {
    return run(new StreamDownload(service, options.build(), heard, "c", "p/in.txt", to));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 37 * BLOCK + 5})
  void aStreamGoesUpAndComesDownInOrder(int size) throws Exception {
    byte[] content = bytes(size);
    StreamUpload job = up(options().putMd5(true), content);
    assertThat(heard.failed).isEmpty();
    assertThat(job.stats().bytes()).isEqualTo(size);
    assertThat(Trees.get(memory, "c", "p/in.txt")).isEqualTo(content);
    assertThat(memory.head("c", "p/in.txt").contentType()).isEqualTo("text/plain");
    assertThat(memory.head("c", "p/in.txt").contentMd5())
        .isEqualTo(
            Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(content)));
    var out = new ByteArrayOutputStream();
    down(options().checkMd5(CheckMd5.FAIL_IF_DIFFERENT_OR_MISSING), Channels.newChannel(out));
    assertThat(heard.failed).isEmpty();
    assertThat(out.toByteArray()).isEqualTo(content);
  }

  @Test
  void theBlocksOfAStreamGrow() throws Exception {
    byte[] content = bytes(10_000 * 2 + 10_000 * 4 + 13);
    up(options().blockSize(2), content);
    assertThat(heard.failed).isEmpty();
    assertThat(service.log(PUT_BLOCK).stream().mapToLong(r -> r.length()).max()).hasValue(8);
    assertThat(service.log(PUT_BLOCK)).hasSize(20_002);
    assertThat(Trees.get(memory, "c", "p/in.txt")).isEqualTo(content);
  }

  @Test
  void withoutOverwriteTheInputIsNotRead() throws Exception {
    blob("p/in.txt", "theirs");
    StreamUpload job = up(options().overwrite(Overwrite.FALSE), bytes(10));
    assertThat(job.stats().skipped()).isEqualTo(1);
    assertThat(Trees.get(memory, "c", "p/in.txt")).isEqualTo(Trees.utf8("theirs"));
  }

  @Test
  void aFailedBlockFailsTheUploadAndCommitsNothing() throws Exception {
    service.next(PUT_BLOCK, FaultyBlobService.refuse(400, "InvalidBlobOrBlock"));
    StreamUpload job = up(options(), bytes(20 * BLOCK));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("p/in.txt");
    assertThat(Trees.blobs(memory, "c")).isEmpty();
  }

  @Test
  void aBlobThatChangesIsNeverMixed() throws Exception {
    Trees.put(memory, "c", "p/in.txt", bytes(20 * BLOCK));
    service.next(
        GET,
        FaultyBlobService.first(
            () ->
                memory.put("c", "p/in.txt", BodySource.of(new byte[20 * BLOCK]), PutOptions.NONE)));
    var out = new ByteArrayOutputStream();
    StreamDownload job = down(options().concurrency(1), Channels.newChannel(out));
    assertThat(job.stats().failed()).isEqualTo(1);
    assertThat(heard.failed).singleElement().asString().contains("changed");
    assertThat(out.size()).isZero();
  }

  @Test
  void anOutputThatIsClosedEndsTheDownload() throws Exception {
    Trees.put(memory, "c", "p/in.txt", bytes(20 * BLOCK));
    var closed =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer data) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    down(options(), closed);
    assertThat(heard.failed).singleElement().asString().contains("Broken pipe");
  }

  @Test
  void aBlobThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> down(options(), Channels.newChannel(new ByteArrayOutputStream())))
        .hasMessageContaining("p/in.txt");
  }
}
