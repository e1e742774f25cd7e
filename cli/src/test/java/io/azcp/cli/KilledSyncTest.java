package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/** A sync that is killed while it downloads, and the next one. */
@Timeout(180)
class KilledSyncTest {
  private static final int LENGTH = 1 << 20;
  private static final List<String> NAMES = List.of("p/a", "p/sub/b");

  @TempDir Path dir;
  private HeldProcess held;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    held = new HeldProcess(dir, this::answer);
    url = held.url("p");
  }

  @AfterEach
  void end() {
    held.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (exchange.getRequestURI().getQuery().contains("comp=list")) {
      byte[] page = page().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, page.length);
      exchange.getResponseBody().write(page);
      exchange.close();
      return;
    }
    HeldProcess.describe(exchange, "0x1");
    exchange.sendResponseHeaders(200, LENGTH);
    byte[] half = content(exchange.getRequestURI().getPath());
    exchange.getResponseBody().write(half);
    exchange.getResponseBody().flush();
    held.hold();
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
    held.start("sync", url, "dst");
    await().atMost(Duration.ofSeconds(60)).until(this::bothAreUnderWay);
    held.end("KILL");
    assertThat(files()).allMatch(file -> file.getFileName().toString().startsWith(".azcp-"));
    held.letGo();
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
