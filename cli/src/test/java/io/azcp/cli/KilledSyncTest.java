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

/** A sync that is killed while it downloads, and the next one. */
@Timeout(180)
class KilledSyncTest {
  private static final int LENGTH = 1 << 20;
  private static final List<String> NAMES = List.of("p/a", "p/sub/b");

  @TempDir Path dir;
  private final CountDownLatch killed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Process process;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/acc/con", this::answer);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/acc/con/p?sig=any";
  }

  @AfterEach
  void end() {
    killed.countDown();
    if (process != null) {
      process.destroyForcibly();
    }
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getQuery().contains("comp=list")) {
      byte[] page = page().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.set("ETag", "\"0x1\"");
    headers.set("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT");
    headers.set("x-ms-blob-type", "BlockBlob");
    exchange.sendResponseHeaders(200, LENGTH);
    byte[] half = content(exchange.getRequestURI().getPath());
    exchange.getResponseBody().write(half);
    exchange.getResponseBody().flush();
    try {
      killed.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.getResponseBody().write(half);
    exchange.close();
  }

  private static byte[] content(String path) {
    return path.substring(path.lastIndexOf('/'))
        .repeat(LENGTH / 4)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String page() {
    var blobs = new StringBuilder();
    for (String name : NAMES) {
      blobs
          .append("<Blob><Name>")
          .append(name)
          .append("</Name><Properties><Last-Modified>Fri, 20 Nov 2026 12:00:00 GMT</Last-Modified>")
          .append("<Etag>0x1</Etag><Content-Length>" + LENGTH + "</Content-Length>")
          .append("<BlobType>BlockBlob</BlobType></Properties></Blob>");
    }
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults><Blobs>"
        + blobs
        + "</Blobs><NextMarker/></EnumerationResults>";
  }

  private List<Path> files() throws IOException {
    Path root = dir.resolve("dst");
    if (!Files.exists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private boolean bothAreUnderWay() throws IOException {
    int begun = 0;
    for (Path file : files()) {
      begun += Files.size(file) > 0 ? 1 : 0;
    }
    return begun == NAMES.size();
  }

  @Test
  void theNextSyncMakesEveryFileRightAndLeavesNothingElse() throws Exception {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.azcp.cli.Azcp",
                "sync",
                url,
                "dst")
            .directory(dir.toFile())
            .redirectError(dir.resolve("err.log").toFile())
            .redirectOutput(dir.resolve("out.log").toFile())
            .start();
    await().atMost(Duration.ofSeconds(60)).until(this::bothAreUnderWay);
    process.destroyForcibly();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(files()).allMatch(file -> file.getFileName().toString().startsWith(".azcp-"));
    killed.countDown();
    var cli = new CliRunner(dir);
    assertThat(cli.run("sync", url, "dst").out())
        .isEqualTo("Sync complete: 2 planned, 2 downloaded, 0 unchanged\n");
    assertThat(files())
        .containsExactlyInAnyOrder(dir.resolve("dst/a"), dir.resolve("dst/sub/b"))
        .allSatisfy(
            file -> {
              String half = new String(content(file.toString()), StandardCharsets.UTF_8);
              assertThat(file).hasContent(half + half);
            });
    assertThat(cli.run("sync", url, "dst").out())
        .isEqualTo("Sync complete: 0 planned, 0 downloaded, 2 unchanged\n");
  }
}
