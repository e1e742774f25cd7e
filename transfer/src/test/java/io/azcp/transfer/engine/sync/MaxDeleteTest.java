package io.azcp.transfer.engine.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.azcp.base.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxDeleteTest {
  @Test
  void aNumberIsANumberOfFiles() throws UsageException {
    MaxDelete ten = MaxDelete.parse("10");
    assertThat(ten.allows(10, 10)).isTrue();
    assertThat(ten.allows(11, 1000)).isFalse();
    assertThat(MaxDelete.parse("0").allows(1, 1000)).isFalse();
    assertThat(MaxDelete.parse("0").allows(0, 0)).isTrue();
  }

  @Test
  void aPercentageIsOfTheDestinationsFiles() throws UsageException {
    MaxDelete tenth = MaxDelete.parse("10%");
    assertThat(tenth.allows(10, 100)).isTrue();
    assertThat(tenth.allows(11, 100)).isFalse();
    assertThat(tenth.allows(1, 9)).isFalse();
    assertThat(MaxDelete.parse("0.5%").allows(5, 1000)).isTrue();
    assertThat(MaxDelete.parse("0.5%").allows(6, 1000)).isFalse();
    assertThat(MaxDelete.parse("100%").allows(7, 7)).isTrue();
  }

  @Test
  void withoutALimitAllMayGo() {
    assertThat(MaxDelete.NONE.allows(5, 5)).isTrue();
    assertThat(MaxDelete.NONE.isGiven()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "%", "-1", "1.5", "ten", "101%", "10 %", "1e3", "1e3%"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> MaxDelete.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--max-delete");
  }
}
