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
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
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

/** A real process is ended in the middle of a large download; the next run goes on from there. */
@Timeout(300)
class CutDownloadTest {
  private static final int BLOCK = 64 << 10;
  private static final int RANGES = 8;
  private static final int ANSWERED = 5;

  @TempDir Path dir;
  private final byte[] content = new byte[RANGES * BLOCK - 1];
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile String etag = "0x1";
  private HttpServer server;
  private Process process;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(content);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/acc/con/blob?sig=any";
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

  /** The process of this test gets so many ranges; this test's own runs get all. */
  private void answer(HttpExchange exchange) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", '"' + etag + '"');
    headers.set("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT");
    headers.set("x-ms-blob-type", "BlockBlob");
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", String.valueOf(content.length));
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("x-ms-range");
    ranges.add(range);
    if (ranges.size() > ANSWERED && over.getCount() > 0) {
      awaitEnd();
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = Integer.parseInt(ends[1]);
    headers.set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
    exchange.sendResponseHeaders(206, to + 1 - from);
    exchange.getResponseBody().write(Arrays.copyOfRange(content, from, to + 1));
    exchange.close();
  }

  private void awaitEnd() {
    try {
      over.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends a process by a signal while it waits for the range after those it got. */
  private String cut(String signal) throws Exception {
    Path err = dir.resolve("err.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.azcp.cli.Azcp",
                "copy",
                "--block-size=64KiB",
                "--concurrency=1",
                url,
                "whole")
            .directory(dir.toFile())
            .redirectError(err.toFile())
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    // One connection: when it asks for the next range, it has written the others.
    await().atMost(Duration.ofSeconds(60)).until(() -> ranges.size() > ANSWERED);
    Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(temporaries()).hasSize(1);
    assertThat(dir.resolve("whole")).doesNotExist();
    over.countDown();
    ranges.clear();
    return Files.readString(err, StandardCharsets.UTF_8);
  }

  private List<String> temporaries() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.map(p -> p.getFileName().toString()).filter(n -> n.startsWith(".azcp-")).toList();
    }
  }

  private void goOn(String option) throws IOException {
    CliRunner.Result result =
        new CliRunner(dir).run("copy", "--block-size=64KiB", option, url, "whole");
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(dir.resolve("whole")).hasBinaryContent(content);
    assertThat(temporaries()).isEmpty();
  }

  @Test
  void afterAKillTheNextRunFetchesWhatIsMissing() throws Exception {
    cut("KILL");
    goOn("--overwrite=true");
    assertThat(ranges).hasSize(RANGES - ANSWERED).doesNotContain("bytes=0-65535");
  }

  @Test
  void anInterruptSaysWhatIsKeptAndTheNextRunGoesOn() throws Exception {
    assertThat(cut("INT"))
        .contains(
            "interrupted; run it again with --overwrite=ifSourceNewer to go on from the finished"
                + " files and from 320.00 KiB of 1 unfinished file(s), which are kept for it");
    assertThat(process.exitValue()).isEqualTo(130);
    goOn("--overwrite=ifSourceNewer");
    assertThat(ranges).hasSize(RANGES - ANSWERED);
  }

  @Test
  void aBlobThatChangedMeanwhileIsFetchedAnew() throws Exception {
    cut("KILL");
    etag = "0x2";
    new Random(2).nextBytes(content);
    goOn("--overwrite=true");
    assertThat(ranges).hasSize(RANGES).contains("bytes=0-65535");
  }
}
