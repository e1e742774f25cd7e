package io.azcp.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, 500",
    "2s, 2000",
    "5m, 300000",
    "1h, 3600000",
    "60, 60000",
    "0, 0",
    "1.5s, 1500",
    "2 S, 2000",
    "10MS, 10",
  })
  void readsUnitsAndBareSeconds(String text, long millis) throws UsageException {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1d", "-1s", "soon", "1h30m", "s", "99999999999h"})
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Property
  void printsWhatItReads(@ForAll @LongRange(min = 0, max = 9_000_000_000_000L) long millis)
      throws UsageException {
    Duration duration = Duration.ofMillis(millis);
    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
  }
}
