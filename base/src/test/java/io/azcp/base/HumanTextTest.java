package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "6, 6 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "10003415, 9.54 MiB",
    "1048575, 1.00 MiB",
    "1073741824, 1.00 GiB",
    "9223372036854775807, 8.00 EiB",
  })
  void printsBytes(long bytes, String text) {
    assertThat(HumanText.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void printsThroughputFromWhatWasMoved() {
    assertThat(HumanText.gbps(12_125_000, Duration.ofMillis(100))).isEqualTo("0.97 Gbps");
    assertThat(HumanText.mbps(1_426_064, Duration.ofNanos(30_500_000))).isEqualTo("374 Mbps");
    assertThat(HumanText.bytesPerSecond(17_353_932, Duration.ofSeconds(1)))
        .isEqualTo("16.55 MiB/s");
  }

  @Test
  void dividesByNoTimeWithoutNonsense() {
    assertThat(HumanText.gbps(5, Duration.ZERO)).isEqualTo("0.00 Gbps");
    assertThat(HumanText.bytesPerSecond(5, Duration.ZERO)).isEqualTo("0 B/s");
  }

  @Test
  void printsTimes() {
    assertThat(HumanText.tenths(Duration.ofMillis(130))).isEqualTo("0.1s");
    assertThat(HumanText.millis(Duration.ofNanos(30_490_000))).isEqualTo("30.5ms");
    assertThat(HumanText.clock(Duration.ofSeconds(3_665))).isEqualTo("01:01:05");
    assertThat(HumanText.clock(Duration.ofHours(100))).isEqualTo("100:00:00");
  }

  @Test
  void countsOneWithoutAnS() {
    assertThat(HumanText.count(1, "file")).isEqualTo("1 file");
    assertThat(HumanText.count(0, "file")).isEqualTo("0 files");
  }

  @Test
  void usesAPointWhateverTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(HumanText.bytes(1536)).isEqualTo("1.50 KiB");
    } finally {
      Locale.setDefault(before);
    }
  }
}
