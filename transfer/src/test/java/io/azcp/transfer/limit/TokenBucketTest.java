package io.azcp.transfer.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

  @Test
  void beginsEmpty() {
    var bucket = new TokenBucket(100, now::get);
    assertThat(bucket.take(1)).isEqualTo(SECOND / 100);
  }

  @Test
  void takersWaitInTheirOrder() {
    var bucket = new TokenBucket(1000, now::get);
    assertThat(bucket.take(500)).isEqualTo(SECOND / 2);
    assertThat(bucket.take(500)).isEqualTo(SECOND);
    now.addAndGet(SECOND);
    assertThat(bucket.take(250)).isEqualTo(SECOND / 4);
  }

  @Test
  void aLongPauseEarnsATenthOfASecondAndNoMore() {
    var bucket = new TokenBucket(1000, now::get);
    assertThat(bucket.take(0)).isZero();
    now.addAndGet(60 * SECOND);
    assertThat(bucket.take(100)).isZero();
    assertThat(bucket.take(100)).isEqualTo(SECOND / 10);
  }

  /** Sixteen connections with pieces of many sizes, each with a pause of its own between them. */
  @Test
  void holdsItsTargetWithinATenthOverFiveSeconds() {
    double target = 10e6;
    var bucket = new TokenBucket(target, now::get);
    var random = new Random(3);
    long start = now.get();
    record Taker(long wakes, int bytes) {}
    var takers = new PriorityQueue<Taker>((a, b) -> Long.compare(a.wakes - start, b.wakes - start));
    for (int i = 0; i < 16; i++) {
      takers.add(new Taker(start, 0));
    }
    long moved = 0;
    long movedBefore = 0;
    for (int windows = 1; windows <= 4; ) {
      Taker taker = takers.remove();
      now.set(taker.wakes);
      if (now.get() - start >= windows * 5L * SECOND) {
        assertThat(moved - movedBefore).isCloseTo((long) (target * 5), within((long) (target / 2)));
        movedBefore = moved;
        windows++;
      }
      moved += taker.bytes;
      int bytes = 1 + random.nextInt(256 << 10);
      long oversleeps = random.nextInt(2_000_000);
      takers.add(new Taker(now.get() + bucket.take(bytes) + oversleeps, bytes));
    }
  }

  @Test
  void asFewAsAByteASecondAndAsManyAsATerabyte() {
    var slow = new TokenBucket(1, now::get);
    assertThat(slow.take(4L << 20)).isEqualTo((4L << 20) * SECOND);
    var fast = new TokenBucket(1e12, now::get);
    assertThat(fast.take(4L << 30)).isCloseTo(4_294_967, within(1L));
  }
}
