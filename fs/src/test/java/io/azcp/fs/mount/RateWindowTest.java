package io.azcp.fs.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateWindowTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void tellsWhatGrewOverTheLastSecondsOnly() {
    RateWindow rate = new RateWindow();
    assertThat(rate.perSecond()).isZero();
    rate.sample(0, 0);
    assertThat(rate.perSecond()).isZero();
    rate.sample(2 * SECOND, 1000);
    assertThat(rate.perSecond()).isEqualTo(500);

    for (int s = 3; s < 30; s++) {
      rate.sample(s * SECOND, 1000);
    }
    assertThat(rate.perSecond()).isZero();
  }
}
