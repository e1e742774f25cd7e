package io.azcp.fs.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.fs.fuse.MemoryTree;
import io.azcp.fs.fuse.Opened;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exactly one answer. A plain file stands for the device: the request is read from its start, and
 * what is answered follows it.
 */
class RequestTest {
  private static final long UNIQUE = 42;

  @TempDir Path folder;
  private Path file;
  private FuseDevice device;
  private InFlight inFlight;
  private MemoryTree tree;
  private Connection connection;

  @BeforeEach
  void connect() throws IOException {
    file = folder.resolve("device");
    device = new FuseDevice(Fd.open(file.toString(), Fd.O_RDWR | Fd.O_CREAT, 0600));
    tree = new MemoryTree(folder);
    connect(Duration.ofSeconds(60));
  }

  private void connect(Duration deadline) {
    inFlight = new InFlight(deadline);
    Handshake handshake = new Handshake(Protocol.MINOR, false, Handshake.MAX_WRITE);
    connection =
        new Connection(
            tree,
            new ReplyBuffers(Handshake.MAX_WRITE),
            inFlight,
            new OpenHandles(tree),
            PassthroughTable.probe(device, false, handshake));
  }

  @AfterEach
  void disconnect() {
    inFlight.close();
    device.close();
    tree.close();
  }

  private Incoming request(int opcode) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Protocol.IN_HEADER).order(ByteOrder.nativeOrder());
    header.putInt(0, Protocol.IN_HEADER).putInt(4, opcode).putLong(8, UNIQUE).putLong(16, 7);
    Files.write(file, header.array());
    Incoming in = new Incoming(Handshake.MAX_WRITE);
    assertThat(in.read(device)).isEqualTo(Protocol.IN_HEADER);
    return in;
  }

  /** The errno of each answer that was sent. */
  private int[] answers() throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    int[] errors = new int[8];
    int count = 0;
    for (int at = Protocol.IN_HEADER; at < all.capacity(); at += all.getInt(at)) {
      assertThat(all.getLong(at + 8)).isEqualTo(UNIQUE);
      errors[count++] = -all.getInt(at + 4);
    }
    return java.util.Arrays.copyOf(errors, count);
  }

  @Test
  void theFirstAnswerCounts() throws IOException {
    Answers.Empty answer = new Answers.Empty(connection, device, request(Protocol.FSYNC));
    answer.fail(Errno.ENOSPC);
    answer.ok(null);
    answer.fail(Errno.EIO);
    assertThat(answers()).containsExactly(Errno.ENOSPC.code());
  }

  @Test
  void anInterruptThatComesBeforeTheRequestIsParkedIsNotLost() throws IOException {
    Answers.Empty answer = new Answers.Empty(connection, device, request(Protocol.FSYNC));
    inFlight.interrupt(UNIQUE);
    assertThat(answers()).isEmpty();
    inFlight.park(answer);
    assertThat(answers()).containsExactly(Errno.EINTR.code());
    assertThat(inFlight.size()).isZero();
  }

  @Test
  void aChangeIsNotInterrupted() throws IOException {
    Answers.Empty answer = new Answers.Empty(connection, device, request(Protocol.RENAME2));
    inFlight.park(answer);
    inFlight.interrupt(UNIQUE);
    assertThat(answers()).isEmpty();
    answer.ok(null);
    assertThat(answers()).containsExactly(0);
    assertThat(inFlight.size()).isZero();
  }

  @Test
  void anAnswerBeforeParkingLeavesNothingParked() throws IOException {
    Answers.Empty answer = new Answers.Empty(connection, device, request(Protocol.FSYNC));
    answer.ok(null);
    inFlight.park(answer);
    assertThat(inFlight.size()).isZero();
  }

  @Test
  void anOpenThatWasCutIsReleased() throws IOException {
    inFlight.close();
    connect(Duration.ofMillis(50));
    Answers.Open answer = new Answers.Open(connection, device, request(Protocol.OPEN), 0);
    inFlight.park(answer);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(answers()).containsExactly(Errno.EIO.code()));
    answer.ok(new Opened(1, false, -1));
    assertThat(tree.calls("release")).isEqualTo(1);
    assertThat(answers()).hasSize(1);
  }

  @Test
  void whatIsOpenAtTheEndIsReleasedOnce() throws IOException {
    Answers.Open answer = new Answers.Open(connection, device, request(Protocol.OPEN), 0);
    answer.ok(new Opened(1, false, -1));
    assertThat(tree.calls("release")).isZero();
    connection.handles().releaseAll();
    connection.handles().releaseAll();
    assertThat(tree.calls("release")).isEqualTo(1);
  }

  @Test
  void anAnswerAfterTheEndGoesNowhere() throws IOException {
    Answers.Open answer = new Answers.Open(connection, device, request(Protocol.OPEN), 0);
    device.close();
    answer.ok(new Opened(1, false, -1));
    assertThat(answers()).isEmpty();
    assertThat(tree.calls("release")).isEqualTo(1);
  }

  @Test
  void aReadGivesNoMoreThanWasAsked() throws IOException {
    ReadAnswer answer = new ReadAnswer(connection, device, request(Protocol.READ), 3);
    ByteBuffer data = Native.buffer(10);
    answer.data(data.position(5));
    assertThat(Files.size(file)).isEqualTo(Protocol.IN_HEADER + Protocol.OUT_HEADER + 3);
    assertThat(answers()).containsExactly(0);
  }

  @Test
  void anAttributeThatDoesNotFitIsRefused() throws IOException {
    new Answers.Xattr(connection, device, request(Protocol.GETXATTR), 2).ok(new byte[3]);
    assertThat(answers()).containsExactly(Errno.ERANGE.code());
  }
}
