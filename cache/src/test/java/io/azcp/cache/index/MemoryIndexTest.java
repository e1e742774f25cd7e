package io.azcp.cache.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The index that is never more than memory. */
class MemoryIndexTest extends IndexContract {
  @Override
  Index empty() {
    return new MemoryIndex(8 << 20);
  }

  @Test
  void dropsWhatWasNotUsedForLongest() {
    Index index = new MemoryIndex(64 << 10);
    index.put(key(1), value(1, 10));
    index.put(key(2), value(2, 10));
    for (int i = 10; i < 1000; i++) {
      index.put(key(i), value(i, 1000));
      assertThat(index.get(key(1))).as("used again and again").isNotNull();
    }
    assertThat(index.get(key(2))).isNull();
    assertThat(index.get(key(999))).isEqualTo(value(999, 1000));
    assertThat(index.size()).isBetween(40L, 64L);
  }
}
