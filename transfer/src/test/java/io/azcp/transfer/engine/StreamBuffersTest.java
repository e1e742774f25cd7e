package io.azcp.transfer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.MemoryBudget;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class StreamBuffersTest {
  private static final int SIZE = 1000;

  @Test
  void thereAreTwoAlwaysAndMoreWhereThereIsMemory() {
    MemoryBudget budget = MemoryBudget.ofProcess();
    MemoryBudget.Reservation others = budget.reserveAnyway(budget.total() / 2);
    long before = budget.used();
    try (var buffers = new StreamBuffers(SIZE, 10)) {
      assertThat(buffers.poll()).isNotNull();
      ByteBuffer second = buffers.poll();
      assertThat(second.capacity()).isEqualTo(SIZE);
      assertThat(buffers.poll()).isNull();
      buffers.give(second.position(7));
      assertThat(buffers.poll()).isSameAs(second).hasToString(second.clear().toString());
      assertThat(budget.used()).isEqualTo(before + 2 * SIZE);
      others.close();
      assertThat(buffers.poll()).isNotNull();
    }
    assertThat(budget.used()).isEqualTo(before - budget.total() / 2);
  }

  @Test
  void noMoreThanCanBeUsed() {
    try (var buffers = new StreamBuffers(SIZE, 2)) {
      for (int i = 0; i < 3; i++) {
        assertThat(buffers.poll()).isNotNull();
      }
      assertThat(buffers.poll()).isNull();
    }
  }

  @Test
  void addressesAreAligned() {
    try (var buffers = new StreamBuffers(DirectOutput.ALIGNMENT, DirectOutput.ALIGNMENT, 1)) {
      ByteBuffer buffer = buffers.poll();
      assertThat(buffer.alignmentOffset(0, DirectOutput.ALIGNMENT)).isZero();
      assertThat(buffer.capacity()).isEqualTo(DirectOutput.ALIGNMENT);
    }
  }

  @Test
  void whoWaitsIsToldWhenItIsOver() throws IOException {
    try (var buffers = new StreamBuffers(SIZE, 1, 1)) {
      assertThat(buffers.take(() -> true)).isNotNull();
      assertThat(buffers.take(() -> true)).isNull();
    }
  }
}
