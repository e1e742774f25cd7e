package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadAheadWindowTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private final ReadAheadWindow window = new ReadAheadWindow();

  @Test
  void theFirstReadAtTheBeginningOpensOneMebibyte() {
    assertThat(window.read(0, 128 * KIB)).isEqualTo(128 * KIB + MIB);
  }

  @Test
  void theWindowDoublesUpTo64MebibytesWhileTheReaderGoesForward() {
    long ahead = 0;
    long widest = 0;
    for (long at = 0; at < 512 * MIB; at += 128 * KIB) {
      ahead = Math.max(ahead, window.read(at, 128 * KIB));
      widest = Math.max(widest, ahead - at - 128 * KIB);
      assertThat(ahead).isGreaterThan(at + 128 * KIB);
    }
    assertThat(widest).isEqualTo(64 * MIB);
  }

  @Test
  void aJumpFetchesNothingAhead() {
    window.read(0, 128 * KIB);
    assertThat(window.read(500 * MIB, 4 * KIB)).isEqualTo(500 * MIB + 4 * KIB);
    assertThat(window.read(100 * MIB, 4 * KIB)).isEqualTo(100 * MIB + 4 * KIB);
  }

  @Test
  void goingOnAfterAJumpOpensTheWindowAgain() {
    window.read(500 * MIB, 128 * KIB);
    assertThat(window.read(500 * MIB + 128 * KIB, 128 * KIB))
        .isEqualTo(500 * MIB + 256 * KIB + MIB);
  }

  @Test
  void requestsSlightlyOutOfOrderStillGoForward() {
    window.read(0, 128 * KIB);
    window.read(256 * KIB, 128 * KIB);
    window.read(128 * KIB, 128 * KIB);
    long ahead = 0;
    for (long at = 384 * KIB; at < 4 * MIB; at += 128 * KIB) {
      ahead = Math.max(ahead, window.read(at, 128 * KIB));
    }
    assertThat(ahead).isGreaterThan(6 * MIB);
  }

  @Test
  void goingBackKeepsTheWindow() {
    for (long at = 0; at < 20 * MIB; at += MIB) {
      window.read(at, MIB);
    }
    assertThat(window.read(0, 4 * KIB)).isEqualTo(4 * KIB);
    long ahead = 0;
    for (long at = 20 * MIB; at < 60 * MIB; at += MIB) {
      ahead = Math.max(ahead, window.read(at, MIB) - at - MIB);
    }
    assertThat(ahead).isGreaterThan(16 * MIB);
  }
}
