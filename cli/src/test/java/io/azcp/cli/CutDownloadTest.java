package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
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
  private volatile String etag = "0x1";
  private HeldProcess held;
  private String url;

  @BeforeEach
  void serve() throws IOException {
    new Random(1).nextBytes(content);
    held = new HeldProcess(dir, this::answer);
    url = held.url("blob");
  }

  @AfterEach
  void end() {
    held.close();
  }

  /** The process of this test gets so many ranges; this test's own runs get all. */
  private void answer(HttpExchange exchange) throws IOException {
    HeldProcess.describe(exchange, etag);
    if (HeldProcess.answersHead(exchange, content.length)) {
      return;
    }
    String range = exchange.getRequestHeaders().getFirst("x-ms-range");
    ranges.add(range);
    if (ranges.size() > ANSWERED && held.holds()) {
      held.hold();
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    int from = Integer.parseInt(ends[0]);
    int to = Integer.parseInt(ends[1]);
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + from + "-" + to + "/" + content.length);
    exchange.sendResponseHeaders(206, to + 1 - from);
    exchange.getResponseBody().write(Arrays.copyOfRange(content, from, to + 1));
    exchange.close();
  }

  /** Ends a process by a signal while it waits for the range after those it got. */
  private int cut(String signal) throws Exception {
    held.start("copy", "--block-size=64KiB", "--concurrency=1", url, "whole");
    // One connection: when it asks for the next range, it has written the others.
    await().atMost(Duration.ofSeconds(60)).until(() -> ranges.size() > ANSWERED);
    int code = held.end(signal);
    assertThat(temporaries()).hasSize(1);
    assertThat(dir.resolve("whole")).doesNotExist();
    held.letGo();
    ranges.clear();
    return code;
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
    assertThat(cut("INT")).isEqualTo(130);
    assertThat(held.said("err.log"))
        .contains(
            "interrupted; run it again with --overwrite=ifSourceNewer to go on from the finished"
                + " files and from 320.00 KiB of 1 unfinished file(s), which are kept for it");
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
