package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.TransferStats;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final String PLAIN = "\\[\\d\\d:\\d\\d:\\d\\d] 0/0 files 0 B/0 B 0 B/s ETA -";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private Invocation invocation(boolean terminal, Map<String, String> variables) {
    return new Invocation(
        variables,
        Path.of("/"),
        new ByteArrayInputStream(new byte[0]),
        err,
        err,
        terminal,
        terminal,
        action -> {},
        code -> {});
  }

  private ProgressLine line(boolean terminal, Map<String, String> variables) {
    return new ProgressLine(
        invocation(terminal, variables), new TransferStats(), new RetryCounters());
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theLineTellsTimeFilesBytesSpeedAndWhatIsLeft() {
    assertThat(ProgressText.of(new TransferStats(), new RetryCounters(), 200))
        .matches("\\[\\d\\d:\\d\\d:\\d\\d] \\[>-{19}] 0/0 files 0 B/0 B 0 B/s ETA -");
  }

  @Test
  void theBarFills() {
    assertThat(ProgressText.bar(0, 100)).isEqualTo(">" + "-".repeat(19));
    assertThat(ProgressText.bar(50, 100)).isEqualTo("#".repeat(10) + ">" + "-".repeat(9));
    assertThat(ProgressText.bar(100, 100)).isEqualTo("#".repeat(20));
    assertThat(ProgressText.bar(Long.MAX_VALUE / 2, Long.MAX_VALUE)).startsWith("#########");
  }

  @Test
  void whereColumnsAreFewTheBarGoesFirst() {
    assertThat(ProgressText.of(new TransferStats(), new RetryCounters(), 60)).matches(PLAIN);
    assertThat(ProgressText.of(new TransferStats(), new RetryCounters(), 12)).hasSize(12);
    assertThat(ProgressText.of(new TransferStats(), new RetryCounters(), -3)).isEmpty();
  }

  @Test
  void onATerminalOtherLinesGoAboveItAndItLeavesNothingBehind() {
    try (var line = line(true, Map.of())) {
      await().atMost(Duration.ofSeconds(60)).until(() -> shown().contains("files"));
      line.above(() -> err.println("azcp: something"));
    }
    // Drawn without wrapping, and wrapping is on again afterwards.
    assertThat(shown())
        .contains("\r\u001b[K\u001b[?7l| [00:00:0")
        .contains("ETA -\u001b[?7h")
        .contains("\r\u001b[Kazcp: something\n")
        .endsWith("\r\u001b[K");
  }

  @Test
  void aNarrowTerminalIsNotWrapped() {
    ProgressLine line = line(true, Map.of("COLUMNS", "20"));
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> shown().contains("[?7h"));
    } finally {
      line.close();
    }
    String drawn = shown().substring(shown().indexOf("[?7l") + 4, shown().indexOf("\u001b[?7h"));
    assertThat(drawn).hasSizeLessThan(20);
  }

  @Test
  void elsewhereItIsPlainLinesWithOneAtTheEnd() {
    try (var line = line(false, Map.of())) {
      line.above(() -> err.println("azcp: something"));
    }
    assertThat(shown()).matches("azcp: something\n" + PLAIN + "\n");
    bytes.reset();
    line(true, Map.of("TERM", "dumb")).close();
    assertThat(shown()).matches(PLAIN + "\n");
  }
}
