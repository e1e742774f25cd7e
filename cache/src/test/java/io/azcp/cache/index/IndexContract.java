package io.azcp.cache.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every index does. */
abstract class IndexContract {
  private Index index;

  /** An empty one. */
  abstract Index empty() throws IOException;

  @BeforeEach
  void open() throws IOException {
    index = empty();
  }

  @AfterEach
  void close() {
    index.close();
  }

  static byte[] key(int i) {
    return ("key/" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  static byte[] value(int seed, int length) {
    byte[] value = new byte[length];
    new Random(seed).nextBytes(value);
    return value;
  }

  @Test
  void keepsTheLastValueOfAKey() {
    for (int i = 0; i < 1000; i++) {
      index.put(key(i), value(i, i));
    }
    for (int i = 0; i < 1000; i += 2) {
      index.put(key(i), value(-i, 2 * i + 1));
    }
    for (int i = 0; i < 1000; i += 3) {
      index.remove(key(i));
    }
    index.remove(key(5000));
    for (int i = 0; i < 1000; i++) {
      byte[] expected = i % 3 == 0 ? null : i % 2 == 0 ? value(-i, 2 * i + 1) : value(i, i);
      assertThat(index.get(key(i))).isEqualTo(expected);
    }
    assertThat(index.size()).isEqualTo(666);
  }

  @Test
  void whatItGivesAndTakesIsACopy() {
    byte[] key = key(1);
    byte[] value = value(1, 100);
    index.put(key, value);
    key[0]++;
    value[0]++;
    index.get(key(1))[1]++;
    assertThat(index.get(key(1))).isEqualTo(value(1, 100));
    assertThat(index.get(key)).isNull();
  }

  @Test
  void keysAndValuesMayBeAsLargeAsPromisedAndNoLarger() {
    byte[] longest = new byte[Index.MOST_KEY];
    index.put(longest, value(1, Index.MOST_VALUE));
    assertThat(index.get(longest)).isEqualTo(value(1, Index.MOST_VALUE));
    index.put(longest, value(1, Index.MOST_VALUE + 1));
    assertThat(index.get(longest)).isNull();
    index.put(new byte[Index.MOST_KEY + 1], value(1, 1));
    assertThat(index.get(new byte[Index.MOST_KEY + 1])).isNull();
    index.put(new byte[0], new byte[0]);
    assertThat(index.get(new byte[0])).isEmpty();
  }

  @Test
  void dropsByKey() {
    for (int i = 0; i < 300; i++) {
      index.put(key(i), value(i, 10));
    }
    index.removeIf(key -> Arrays.equals(key, 0, 5, key(1), 0, 5));
    assertThat(index.get(key(1))).isNull();
    assertThat(index.get(key(123))).isNull();
    assertThat(index.get(key(223))).isEqualTo(value(223, 10));
    assertThat(index.size()).isEqualTo(300 - 111);
  }

  @Test
  void manyThreadsMayUseIt() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int from = 500 * t;
      all.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = from; i < from + 500; i++) {
                  index.put(key(i), value(i, 200));
                  index.put(key(-1), value(7, 900));
                  assertThat(index.get(key(i))).isEqualTo(value(i, 200));
                  assertThat(index.get(key(-1))).isEqualTo(value(7, 900));
                }
              }));
    }
    all.forEach(CompletableFuture::join);
    assertThat(index.size()).isEqualTo(2001);
  }
}
