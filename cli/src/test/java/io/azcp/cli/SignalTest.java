package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process meets a real signal while a service that sent half a body says nothing more. */
@Timeout(300)
class SignalTest {
  private static final int LENGTH = 1 << 20;

  @TempDir Path dir;
  private HeldProcess held;

  @BeforeEach
  void serve() throws IOException {
    held = new HeldProcess(dir, this::answer);
  }

  @AfterEach
  void end() {
    held.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    HeldProcess.describe(exchange, "0x1");
    if (HeldProcess.answersHead(exchange, LENGTH)) {
      return;
    }
    exchange.sendResponseHeaders(200, LENGTH);
    exchange.getResponseBody().write(new byte[LENGTH / 2]);
    exchange.getResponseBody().flush();
    held.hold();
    exchange.close();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.filter(p -> !p.getFileName().toString().endsWith(".log")).toList();
    }
  }

  private boolean temporaryHasBytes() throws IOException {
    for (Path file : files()) {
      if (file.getFileName().toString().startsWith(".azcp-") && Files.size(file) > 0) {
        return true;
      }
    }
    return false;
  }

  private void meets(String signal, int code) throws Exception {
    held.start("copy", held.url("blob"), "whole");
    await().atMost(Duration.ofSeconds(60)).until(this::temporaryHasBytes);
    assertThat(held.end(signal)).isEqualTo(code);
    assertThat(files()).isEmpty();
    String said = held.said("err.log");
    assertThat(said).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(said).contains("interrupted; run it again with --overwrite=ifSourceNewer");
    assertThat(held.said("out.log")).contains("Download complete: 0 files");
    assertThat(said.lines()).allMatch(line -> line.startsWith("azcp: "));
  }

  @Test
  void anInterruptEndsWith130AndLeavesNothingBehind() throws Exception {
    meets("INT", 130);
  }

  @Test
  void aTerminationEndsWith143AndLeavesNothingBehind() throws Exception {
    meets("TERM", 143);
  }
}
