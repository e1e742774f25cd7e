package io.azcp.transfer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The controller in virtual time, before services that answer so many requests a second. */
class AdaptiveConcurrencyTest {
  private static final double MILLI = 1e6;

  private final AtomicLong now = new AtomicLong(-5);

  private AdaptiveConcurrency controller(int ceiling) {
    return new AdaptiveConcurrency(AdaptiveConcurrency.FIRST, ceiling, now::get);
  }

  /** Requests end one after the other, as fast as a service with so many at once lets them. */
  private void run(AdaptiveConcurrency controller, double millis, IntToDoubleFunction perSecond) {
    double end = now.get() + millis * MILLI;
    double clock = now.get();
    while (clock < end) {
      clock += 1e9 / perSecond.applyAsDouble(controller.limit());
      now.set((long) clock);
      controller.ended(16 << 10);
    }
  }

  /** Every request takes 10 ms, however many there are. */
  private static double latencyBound(int atOnce) {
    return atOnce * 100;
  }

  private static double saturated(int atOnce) {
    return Math.min(10_000, atOnce * 2_000);
  }

  @Test
  void beginsWithEightOrTheCeiling() {
    assertThat(controller(64).limit()).isEqualTo(8);
    assertThat(controller(3).limit()).isEqualTo(3);
    assertThat(controller(64).ceiling()).isEqualTo(64);
  }

  @Test
  void doublesEvery200MillisWhileThroughputGrows() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 390, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(8);
    run(controller, 20, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(16);
    run(controller, 200, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(32);
    run(controller, 200, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(64);
    run(controller, 1500, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(64);
  }

  @Test
  void neverExceedsACeilingThatIsNoPowerOfTwo() {
    AdaptiveConcurrency controller = controller(50);
    run(controller, 1500, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(50);
  }

  @Test
  void takesBackADoublingThatBringsNothing() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 450, AdaptiveConcurrencyTest::saturated);
    assertThat(controller.limit()).isEqualTo(16);
    run(controller, 200, AdaptiveConcurrencyTest::saturated);
    assertThat(controller.limit()).isEqualTo(8);
    for (int i = 0; i < 100; i++) {
      run(controller, 200, AdaptiveConcurrencyTest::saturated);
      assertThat(controller.limit()).isBetween(8, 16);
    }
  }

  @Test
  void triesMoreAgainWhenTheServiceBearsMore() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 5_000, AdaptiveConcurrencyTest::saturated);
    run(controller, 10_000, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isGreaterThanOrEqualTo(48);
  }

  /** While the program warms up everything gets faster, whatever the number of connections. */
  @Test
  void waitsWhileThroughputGrowsByItself() {
    AdaptiveConcurrency controller = controller(64);
    double[] speed = {1_000};
    for (int i = 0; i < 6; i++) {
      run(controller, 200, atOnce -> speed[0]);
      assertThat(controller.limit()).isEqualTo(8);
      speed[0] *= 1.5;
    }
  }

  /** The service got faster while more was tried. */
  @Test
  void comesDownAgainWhenTheGrowthWasNotItsOwn() {
    AdaptiveConcurrency controller = controller(64);
    double[] speed = {1_000};
    run(controller, 410, atOnce -> speed[0]);
    for (int i = 0; i < 3; i++) {
      speed[0] *= 1.5;
      run(controller, 200, atOnce -> speed[0]);
    }
    assertThat(controller.limit()).isEqualTo(64);
    run(controller, 20_000, atOnce -> speed[0]);
    assertThat(controller.limit()).isLessThanOrEqualTo(16);
  }

  @Test
  void hardlyPaysForTryingLess() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 1_000, AdaptiveConcurrencyTest::latencyBound);
    double[] ended = {0};
    double start = now.get();
    run(
        controller,
        60_000,
        atOnce -> {
          ended[0]++;
          return latencyBound(atOnce);
        });
    double perSecond = ended[0] / ((now.get() - start) / 1e9);
    assertThat(perSecond).isGreaterThan(0.97 * latencyBound(64));
  }

  /** Of each so many answers one refuses. */
  private void refuse(AdaptiveConcurrency controller, double millis, int every) {
    int[] answers = {0};
    run(
        controller,
        millis,
        atOnce -> {
          if (++answers[0] % every == 0) {
            controller.refused();
          }
          return latencyBound(atOnce);
        });
  }

  @Test
  void halvesWhereManyAreRefusedAndRecoversOneByOne() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 900, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(64);
    refuse(controller, 310, 2);
    assertThat(controller.limit()).isEqualTo(32);
    assertThat(controller.isOverloaded()).isTrue();
    run(controller, 1_000, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isBetween(36, 38);
    run(controller, 6_000, AdaptiveConcurrencyTest::latencyBound);
    assertThat(controller.limit()).isEqualTo(64);
    assertThat(controller.isOverloaded()).isFalse();
  }

  /** One in twenty for no reason is no overload. */
  @Test
  void bearsAFewRefusals() {
    AdaptiveConcurrency controller = controller(64);
    refuse(controller, 5_000, 20);
    assertThat(controller.limit()).isGreaterThanOrEqualTo(48);
    refuse(controller, 60_000, 20);
    assertThat(controller.limit()).isGreaterThanOrEqualTo(48);
  }

  @Test
  void neverFallsBelowOne() {
    AdaptiveConcurrency controller = controller(64);
    for (int i = 0; i < 20; i++) {
      refuse(controller, 600, 1);
      assertThat(controller.limit()).isPositive();
    }
    assertThat(controller.limit()).isEqualTo(1);
  }

  /** Large ranges over a slow line: fewer end in a period than are under way. */
  @Test
  void decidesOnlyOnceEnoughHasEnded() {
    AdaptiveConcurrency controller = controller(64);
    run(controller, 3_700, atOnce -> 4);
    assertThat(controller.limit()).isEqualTo(8);
    run(controller, 800, atOnce -> 4);
    assertThat(controller.limit()).isEqualTo(16);
  }
}
