package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.TransferStats;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void theLineTellsTimeFilesBytesSpeedAndWhatIsLeft() {
    assertThat(ProgressLine.text(new TransferStats(), new RetryCounters()))
        .matches("\\[\\d\\d:\\d\\d:\\d\\d] \\[>-{19}] 0/0 files 0 B/0 B 0 B/s ETA -");
  }

  @Test
  void theBarFills() {
    assertThat(ProgressLine.bar(0, 100)).isEqualTo(">" + "-".repeat(19));
    assertThat(ProgressLine.bar(50, 100)).isEqualTo("#".repeat(10) + ">" + "-".repeat(9));
    assertThat(ProgressLine.bar(100, 100)).isEqualTo("#".repeat(20));
    assertThat(ProgressLine.bar(Long.MAX_VALUE / 2, Long.MAX_VALUE)).startsWith("#########");
  }

  @Test
  void otherLinesGoAboveItAndItLeavesNothingBehind() {
    var bytes = new ByteArrayOutputStream();
    var err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (var line = new ProgressLine(err, new TransferStats(), new RetryCounters())) {
      line.above(() -> err.println("azcp: something"));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("\r\u001b[Kazcp: something\n")
        .endsWith("\r\u001b[K");
  }
}
