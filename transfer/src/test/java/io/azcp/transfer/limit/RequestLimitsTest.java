package io.azcp.transfer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestLimitsTest {
  @Test
  void whoWaitsToRepeatLeavesHisPlaceToAnother() {
    RequestLimits limits = RequestLimits.of(10, null, 0);
    assertThat(limits.concurrency()).isEqualTo(8);
    limits.pauses();
    assertThat(limits.concurrency()).isEqualTo(9);
    for (int i = 0; i < 5; i++) {
      limits.pauses();
    }
    assertThat(limits.concurrency()).as("never over the ceiling").isEqualTo(10);
    for (int i = 0; i < 6; i++) {
      limits.goesOn();
    }
    assertThat(limits.concurrency()).isEqualTo(8);
  }

  @Test
  void withoutLimitsThereIsNone() {
    RequestLimits.NONE.pauses();
    assertThat(RequestLimits.NONE.concurrency()).isEqualTo(Integer.MAX_VALUE);
    RequestLimits.NONE.goesOn();
  }
}
