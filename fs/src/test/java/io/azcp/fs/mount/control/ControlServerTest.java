package io.azcp.fs.mount.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
  private static final long LIMIT = 60_000;

  @TempDir Path folder;
  private String socket;
  private ControlServer server;
  private final CountDownLatch stopped = new CountDownLatch(1);

  @BeforeEach
  void start() throws Exception {
    socket = folder.resolve("s").toString();
    server = new ControlServer(socket, this::handle);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Echoes, counts, refuses, or goes on until nobody listens. */
  private Message handle(String op, Message arguments, ControlHandler.Progress progress)
      throws IOException {
    return switch (op) {
      case "echo" -> Message.empty().with("said", arguments.text("say"));
      case "count" -> count(progress);
      case "forever" -> forever(progress);
      case "bug" -> throw new IllegalStateException("boom");
      default -> throw new AzcpException(Errno.EOPNOTSUPP, "unknown operation " + op);
    };
  }

  private static Message count(ControlHandler.Progress progress) throws IOException {
    for (int i = 1; i <= 3; i++) {
      progress.tell(Message.empty().with("n", i));
    }
    return Message.empty().with("done", true);
  }

  private Message forever(ControlHandler.Progress progress) throws IOException {
    try {
      while (true) {
        progress.tell(Message.empty());
      }
    } finally {
      stopped.countDown();
    }
  }

  @Test
  void theSocketIsForItsUserOnly() throws Exception {
    assertThat(Files.stat(socket).mode() & 0777).isEqualTo(0600);
  }

  @Test
  void answersWithProgressAndResult() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      List<Long> seen = new ArrayList<>();
      Message result = client.call("count", Message.empty(), p -> seen.add(p.number("n")));
      assertThat(seen).containsExactly(1L, 2L, 3L);
      assertThat(result.flag("done")).isTrue();
      assertThat(client.call("echo", Message.empty().with("say", "ünï\n"), p -> {}).text("said"))
          .isEqualTo("ünï\n");
    }
  }

  @Test
  void aRefusalCarriesItsErrnoAndTheConnectionGoesOn() throws Exception {
    try (ControlClient client = ControlClient.connect(socket)) {
      assertThatThrownBy(() -> client.call("nonsense", Message.empty(), p -> {}))
          .hasMessage("unknown operation nonsense")
          .extracting(e -> ((AzcpException) e).errno())
          .isEqualTo(Errno.EOPNOTSUPP);
      assertThatThrownBy(() -> client.call("bug", Message.empty(), p -> {}))
          .hasMessageContaining("boom");
      assertThat(client.call("echo", Message.empty().with("say", "x"), p -> {}).text("said"))
          .isEqualTo("x");
    }
  }

  @Test
  void whatIsNotUnderstoodIsAnErrorLineAndTheConnectionGoesOn() throws Exception {
    try (LineChannel lines = raw()) {
      assertThat(ask(lines, "{nonsense")).contains("\"errno\":\"EPROTO\"").contains("\"id\":null");
      assertThat(ask(lines, "[1]")).contains("a message is one JSON object");
      assertThat(ask(lines, "{\"v\":2,\"id\":7,\"op\":\"echo\"}"))
          .contains("version 2 of the protocol is not spoken here")
          .contains("\"id\":7");
      assertThat(ask(lines, "{\"v\":1,\"id\":\"q\"}"))
          .contains("op must be a string")
          .contains("\"id\":\"q\"");
      assertThat(ask(lines, "{\"v\":1,\"id\":8,\"op\":\"echo\",\"say\":5}"))
          .contains("say must be a string");
      assertThat(ask(lines, "{\"v\":1,\"id\":9,\"op\":\"echo\",\"say\":\"hi\"}"))
          .isEqualTo("{\"v\":1,\"id\":9,\"type\":\"result\",\"result\":{\"said\":\"hi\"}}");
    }
  }

  @Test
  void aRequestEndsWhenNobodyListensAnyMore() throws Exception {
    LineChannel lines = raw();
    lines.write("{\"v\":1,\"id\":1,\"op\":\"forever\"}", LIMIT);
    assertThat(lines.read(LIMIT)).contains("progress");
    lines.close();

    assertThat(stopped.await(LIMIT, TimeUnit.MILLISECONDS)).isTrue();
  }

  @Test
  void aLineWithoutEndIsNotCollectedForEver() throws Exception {
    try (LineChannel lines = raw()) {
      assertThat(closesAfter(lines, "x".repeat(3 * Protocol.LONGEST_LINE))).isTrue();
    }
    try (ControlClient other = ControlClient.connect(socket)) {
      assertThat(other.call("echo", Message.empty().with("say", "x"), p -> {}).text("said"))
          .isEqualTo("x");
    }
  }

  @Test
  void nobodyAtTheSocketIsSaid() {
    server.close();
    assertThatThrownBy(() -> ControlClient.connect(socket))
        .hasMessageContaining("no mount answers at");
  }

  private static boolean closesAfter(LineChannel lines, String line) {
    try {
      lines.write(line, LIMIT);
      return lines.read(LIMIT) == null;
    } catch (AzcpException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static String ask(LineChannel lines, String line) throws IOException {
    lines.write(line, LIMIT);
    return lines.read(LIMIT);
  }

  private LineChannel raw() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    return new LineChannel(channel);
  }
}
