package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.base.glob.Glob;
import io.azcp.base.posix.Fd;
import io.azcp.config.WritePolicy;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the rule names are sent block by block while they are written, and stay right. */
class EarlyUploadsTest {
  private static final int BLOCK = 4 << 20;

  @TempDir Path folder;
  private Volume volume;
  private final Random random = new Random(7);
  private byte[] content = new byte[0];

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder).holdUploads();
    volume.options =
        volume.options.with(WritePolicy.DEFAULT.withEarlyUpload(Glob.of("*.{pt,tmp}")));
    volume.start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private LocalFile create(String name) throws IOException {
    content = new byte[0];
    return volume.writeback.create(name, Volume.file(0644), null, false);
  }

  private void write(LocalFile file, int at, int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    Fd.pwriteFully(file.fd(), ByteBuffer.allocateDirect(length).put(bytes).flip(), at);
    content = Arrays.copyOf(content, Math.max(content.length, at + length));
    System.arraycopy(bytes, 0, content, at, length);
  }

  private long sent() {
    return volume.service.log(Operation.PUT_BLOCK).stream()
        .mapToLong(FaultyBlobService.Request::length)
        .sum();
  }

  private void awaitSent(long bytes) {
    await().atMost(Duration.ofMinutes(1)).until(() -> sent() >= bytes);
  }

  private void isThere(String name) throws IOException {
    assertThat(Arrays.equals(volume.bytes(name), content)).as("content of " + name).isTrue();
  }

  @Test
  void finishedBlocksGoUpWhileTheFileIsWritten() throws IOException {
    LocalFile plain = create("plain.bin");
    write(plain, 0, 2 * BLOCK + 1);
    LocalFile file = create("model.pt");
    write(file, 0, 3 * BLOCK + 5);
    awaitSent(3 * BLOCK);
    assertThat(volume.exists("model.pt")).as("before the close").isFalse();
    write(file, 3 * BLOCK + 5, 100);
    assertThat(sent()).as("of the named file alone").isEqualTo(3 * BLOCK);
    Volume.end(file);
    assertThat(flush("model.pt")).isTrue();
    isThere("model.pt");
    assertThat(sent()).as("nothing twice").isEqualTo(3 * BLOCK + 105);
    Volume.end(plain);
  }

  private boolean flush(String name) {
    try {
      return volume.writeback.flush(name, Duration.ofMinutes(1).toNanos());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRewrittenBlockIsSentAgain() throws IOException {
    LocalFile file = create("model.pt");
    write(file, 0, 3 * BLOCK + 5);
    awaitSent(3 * BLOCK);
    write(file, BLOCK + 10, 10);
    Volume.end(file);
    volume.flushed();
    isThere("model.pt");
    assertThat(sent()).isEqualTo(4 * BLOCK + 5);
  }

  @Test
  void whatWasCutIsNotThere() throws IOException {
    LocalFile file = create("model.pt");
    write(file, 0, 3 * BLOCK + 5);
    awaitSent(3 * BLOCK);
    file.truncate(BLOCK + 7);
    content = Arrays.copyOf(content, BLOCK + 7);
    write(file, BLOCK + 7, BLOCK);
    Volume.end(file);
    volume.flushed();
    isThere("model.pt");
  }

  @Test
  void aRenamedFileIsSentUnderItsNewName() throws IOException {
    LocalFile file = create("model.tmp");
    write(file, 0, 2 * BLOCK + 5);
    awaitSent(2 * BLOCK);
    volume.rename("model.tmp", "model.pt");
    write(file, 2 * BLOCK + 5, 100);
    Volume.end(file);
    volume.flushed();
    isThere("model.pt");
    assertThat(volume.contents()).containsOnlyKeys("model.pt");
  }

  @Test
  void anUnlinkedFileDoesNotComeBack() throws IOException {
    LocalFile file = create("model.pt");
    write(file, 0, 2 * BLOCK + 5);
    awaitSent(2 * BLOCK);
    volume.unlink("model.pt");
    Volume.end(file);
    volume.flushed();
    assertThat(volume.contents()).isEmpty();
  }

  @Test
  void aKilledDaemonsFileIsSentByTheNext() throws IOException {
    LocalFile file = create("model.pt");
    write(file, 0, 2 * BLOCK + 5);
    awaitSent(2 * BLOCK);
    Volume.await(file::flush);
    volume.restart();
    volume.flushed();
    isThere("model.pt");
  }

  @Test
  void blocksThatTheServiceDiscardedAreSentAgain() throws IOException {
    LocalFile file = create("model.pt");
    write(file, 0, 2 * BLOCK + 5);
    awaitSent(2 * BLOCK);
    volume.foreign(-60, "model.pt", "somebody else's, which discards uncommitted blocks");
    Volume.end(file);
    volume.flushed();
    isThere("model.pt");
  }

  @Test
  void holesAreNotSentBeforeTheyAreFilled() throws IOException {
    LocalFile file = create("model.pt");
    file.truncate(4 * BLOCK);
    content = new byte[4 * BLOCK];
    write(file, 0, BLOCK + 10);
    awaitSent(BLOCK);
    write(file, BLOCK + 10, 3 * BLOCK - 10);
    Volume.end(file);
    volume.flushed();
    isThere("model.pt");
    assertThat(sent()).as("nothing twice").isEqualTo(4 * BLOCK);
  }
}
