package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  @ParameterizedTest
  @CsvSource({
    "50Gbps, 6250000000",
    "50gbps, 6250000000",
    "1Tbps, 125000000000",
    "100Mbps, 12500000",
    "8Kbps, 1000",
    "8bps, 1",
    "1GB/s, 1000000000",
    "1gb/s, 1000000000",
    "1GB, 1000000000",
    "2TB/s, 2000000000000",
    "500MiB/s, 524288000",
    "500MiB, 524288000",
    "1KiB/S, 1024",
    "1TiB/s, 1099511627776",
    "12345, 12345",
    "1B/s, 1",
  })
  void readsBitsAndBytesInAnyCase(String text, long bytesPerSecond) throws UsageException {
    assertThat(Rate.parse(text).bytesPerSecond()).isEqualTo(bytesPerSecond);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "fast", "-1Gbps", "1Gbit", "1GB/m", "1Gbps/s", "1/s/s", "0", "0Gbps", "7bps"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Property
  void printsWhatItReads(@ForAll @LongRange(min = 1) long bytesPerSecond) throws UsageException {
    Rate rate = new Rate(bytesPerSecond);
    assertThat(Rate.parse(rate.toString())).isEqualTo(rate);
  }
}
