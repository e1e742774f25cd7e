package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Process process;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void end() {
    over.countDown();
    if (process != null) {
      process.destroyForcibly();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", "\"0x1\"");
    headers.set("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT");
    headers.set("x-ms-blob-type", "BlockBlob");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(LENGTH));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(200, LENGTH);
    exchange.getResponseBody().write(new byte[LENGTH / 2]);
    exchange.getResponseBody().flush();
    try {
      over.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    Path err = dir.resolve("err.log");
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/acc/con/blob";
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.azcp.cli.Azcp",
                "copy",
                url,
                "whole")
            .directory(dir.toFile())
            .redirectError(err.toFile())
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(60)).until(this::temporaryHasBytes);
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(code);
    assertThat(files()).isEmpty();
    String said = Files.readString(err, StandardCharsets.UTF_8);
    assertThat(said).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(said).contains("interrupted; run it again with --overwrite=ifSourceNewer");
    assertThat(Files.readString(dir.resolve("out.log"), StandardCharsets.UTF_8))
        .contains("Download complete: 0 files");
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
