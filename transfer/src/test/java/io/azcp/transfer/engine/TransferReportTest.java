package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransferReportTest {
  private static final long MILLI = 1_000_000;

  @Test
  void anUploadIsTheHeadlineAndWhatHappened() {
    var stats = new TransferStats();
    stats.files.add(5);
    stats.bytes.add(10_003_415);
    stats.plannedFiles.add(99);
    stats.stop();
    List<String> lines = TransferReport.of("Upload", stats, "none");
    assertThat(lines).hasSize(4);
    assertThat(lines.get(0)).isEmpty();
    assertThat(lines.get(1))
        .matches("Upload complete: 5 files, 9\\.54 MiB in \\d+\\.\\ds = \\d+\\.\\d\\d Gbps");
    assertThat(lines.subList(2, 4)).containsExactly("  Succeeded: 5", "  Retries:   none");
  }

  @Test
  void failuresSkipsAndLatenciesAreToldWhereThereAreAny() {
    var stats = new TransferStats();
    stats.files.add(2);
    stats.failed.add(1);
    stats.skipped.add(5);
    stats.moved.add(7 * 1_426_063);
    for (int i = 0; i < 6; i++) {
      stats.latency().record(10 * MILLI);
    }
    stats.latency().record(76 * MILLI);
    stats.stop();
    assertThat(TransferReport.of("Download", stats, "503x3 429x0 5xxx0 transport-err x0"))
        .contains(
            "  Succeeded: 2",
            "  Failed:    1",
            "  Skipped:   5",
            "  Retries:   503x3 429x0 5xxx0 transport-err x0",
            "  Latency:   count=7 mean=19.4ms min=10.0ms max=76.0ms p50<=16ms p95<=128ms"
                + " p99<=128ms",
            "  Per-req:   1.36 MiB avg/req @ 587 Mbps/req");
  }

  @Test
  void aLatencyIsCountedBelowTheNextPowerOfTwo() {
    var latency = new LatencyHistogram();
    latency.record(16 * MILLI);
    assertThat(latency.boundMillis(0.5)).isEqualTo(16);
    latency.record(16 * MILLI + 1);
    assertThat(latency.boundMillis(1)).isEqualTo(32);
    latency.record(1);
    assertThat(latency.boundMillis(0.01)).isEqualTo(1);
    assertThat(latency.count()).isEqualTo(3);
    assertThat(latency.min().toNanos()).isEqualTo(1);
    assertThat(new LatencyHistogram().mean()).isZero();
  }
}
