package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.base.posix.Fd;
import io.azcp.config.WritePolicy;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.FaultyBlobService.Operation;
import java.io.ByteArrayOutputStream;
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

/** Logs that are open for long are uploaded now and then; other open files are not. */
class GrowingFilesTest {
  private static final int BLOCK = 4 << 20;

  @TempDir Path folder;
  private Volume volume;
  private final Random random = new Random(3);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @BeforeEach
  void start() throws IOException {
    volume = new Volume(folder).holdUploads();
    volume.options =
        volume.options.with(WritePolicy.DEFAULT.withUploadEvery(Duration.ofMillis(40)));
    volume.start();
  }

  @AfterEach
  void stop() {
    volume.close();
  }

  private void append(LocalFile file, int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    ByteBuffer direct = ByteBuffer.allocateDirect(length).put(bytes).flip();
    Fd.pwriteFully(file.fd(), direct, written.size());
    written.writeBytes(bytes);
  }

  private boolean grown(LocalFile file, String etag) throws IOException {
    append(file, 100);
    return volume.exists("log") && !volume.head("log").etag().equals(etag);
  }

  @Test
  void aLogIsUploadedWhileItIsOpenAndThenOnlyItsTail() throws IOException {
    LocalFile file = volume.writeback.create("log", Volume.file(0644), null, false);
    append(file, 2 * BLOCK);
    await().atMost(Duration.ofMinutes(1)).until(() -> grown(file, ""));
    volume.service.clearLog();
    String first = volume.head("log").etag();
    await().atMost(Duration.ofMinutes(1)).until(() -> grown(file, first));
    byte[] there = volume.bytes("log");
    assertThat(there.length).isGreaterThan(2 * BLOCK);
    assertThat(Arrays.equals(there, Arrays.copyOf(written.toByteArray(), there.length))).isTrue();
    assertThat(volume.writeback.pending().files()).as("still open").isEqualTo(1);
    assertThat(sent()).isLessThan(BLOCK);

    Volume.end(file);
    volume.flushed();
    assertThat(Arrays.equals(volume.bytes("log"), written.toByteArray())).isTrue();
    assertThat(sent()).as("in all since the first upload").isLessThan(BLOCK);
  }

  private long sent() {
    return volume.service.log(Operation.PUT_BLOCK).stream()
        .mapToLong(FaultyBlobService.Request::length)
        .sum();
  }

  @Test
  void whatIsAppendedToAReopenedFileIsSentAlone() throws IOException {
    LocalFile file = volume.writeback.create("log", Volume.file(0644), null, false);
    append(file, BLOCK + 7);
    Volume.end(file);
    volume.flushed();
    volume.service.clearLog();
    LocalFile again = volume.reopen("log");
    append(again, 1000);
    Volume.end(again);
    volume.flushed();
    assertThat(sent()).isEqualTo(1007);
    assertThat(Arrays.equals(volume.bytes("log"), written.toByteArray())).isTrue();
  }

  @Test
  void aFileThatIsChangedElsewhereTooIsNotUploaded() throws IOException {
    volume.close();
    volume.options = volume.options.with(WritePolicy.DEFAULT.withUploadEvery(Duration.ofDays(1)));
    volume.start();
    var growing = new GrowingFiles(volume.writeback.ledger);
    StagedFile file = (StagedFile) volume.writeback.create("db", Volume.file(0644), null, false);
    append(file, 1000);
    growing.look(file);
    Volume.put(file, 0, "another header");
    append(file, 1000);
    growing.look(file);
    assertThat(file.takeGrowth()).isNull();
    append(file, 1000);
    growing.look(file);
    await().atMost(Duration.ofMinutes(1)).until(() -> volume.exists("db"));
    assertThat(volume.head("db").length()).isEqualTo(3000);
    Volume.end(file);
  }
}
