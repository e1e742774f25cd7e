package io.azcp.tests;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * What is done to two mounts of one cache while applications read: a list of steps that can be
 * written down, read again, and made shorter.
 *
 * @param readers where the applications' random numbers begin
 */
record SharedCachePlan(long readers, List<Step> steps) {
  /** A kind of step. */
  enum Kind {
    /** A blob is replaced. */
    REPLACE,
    /** A file is evicted, unless it is open. */
    EVICT,
    /** A daemon is killed and started again. */
    KILL,
    /** A mount is unmounted and mounted again. */
    REMOUNT,
    /** A {@code prepare} of everything is started; the one that runs, if any, is killed. */
    PREPARE,
    /** The {@code prepare} that runs is killed. */
    KILL_PREPARE,
    /** Every connection breaks. */
    BREAK,
    /** Answers are cut. */
    CUT,
    /** The service refuses because it is busy. */
    BUSY
  }

  /**
   * One step.
   *
   * @param number which file or mount, or how many answers
   */
  record Step(Kind kind, int number) {
    @Override
    public String toString() {
      return kind.name().toLowerCase(Locale.ROOT) + " " + number;
    }
  }

  private static final int NUMBERS = 1000;

  /** Plans of up to so many steps. */
  static Arbitrary<SharedCachePlan> any(int steps) {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.frequency(
                    net.jqwik.api.Tuple.of(6, Kind.REPLACE),
                    net.jqwik.api.Tuple.of(2, Kind.EVICT),
                    net.jqwik.api.Tuple.of(3, Kind.KILL),
                    net.jqwik.api.Tuple.of(2, Kind.REMOUNT),
                    net.jqwik.api.Tuple.of(2, Kind.PREPARE),
                    net.jqwik.api.Tuple.of(1, Kind.KILL_PREPARE),
                    net.jqwik.api.Tuple.of(1, Kind.BREAK),
                    net.jqwik.api.Tuple.of(1, Kind.CUT),
                    net.jqwik.api.Tuple.of(1, Kind.BUSY)),
                Arbitraries.integers().between(0, NUMBERS))
            .as(Step::new);
    return Combinators.combine(
            Arbitraries.longs(), step.list().ofMinSize(steps / 2).ofMaxSize(steps))
        .as(SharedCachePlan::new);
  }

  /** Reads what {@link #toString} writes. */
  static SharedCachePlan parse(String text) {
    List<Step> steps = new ArrayList<>();
    String[] parts = text.split(",", -1);
    for (int i = 1; i < parts.length; i++) {
      String[] words = parts[i].strip().split(" ", -1);
      steps.add(
          new Step(Kind.valueOf(words[0].toUpperCase(Locale.ROOT)), Integer.parseInt(words[1])));
    }
    return new SharedCachePlan(Long.parseLong(parts[0].strip()), steps);
  }

  @Override
  public String toString() {
    return readers + steps.stream().map(step -> ", " + step).collect(Collectors.joining());
  }
}
