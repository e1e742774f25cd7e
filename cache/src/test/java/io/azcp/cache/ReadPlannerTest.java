package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.cache.ReadPlanner.Plan;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** What is fetched for which reads, as pure arithmetic. */
class ReadPlannerTest {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long LENGTH = 4L << 30;
  private static final long MOST = ReadPlanner.LONGEST;

  private final ReadPlanner planner = new ReadPlanner(LENGTH);

  private Plan read(long offset, long length) {
    return read(offset, length, true);
  }

  private Plan read(long offset, long length, boolean waits) {
    return planner.read(offset, offset + length, waits, MOST, (from, to) -> 0);
  }

  private static Plan nothingBut(long end) {
    return new Plan(end, end, end);
  }

  /** Reads a stretch by 128 KiB; answers the widest window seen. */
  private long forward(long from, long to, boolean waits) {
    long widest = 0;
    for (long at = from; at < to; at += 128 * KIB) {
      long end = at + 128 * KIB;
      widest = Math.max(widest, read(at, 128 * KIB, waits).fetchTo() - end);
    }
    return widest;
  }

  @Example
  void aReadAtTheBeginningOpensASmallWindow() {
    assertThat(read(0, 4 * KIB).fetchTo()).isEqualTo(4 * KIB + ReadPlanner.FIRST);
  }

  @Example
  void theWindowDoublesUpToTheLongestWhileTheReaderWaits() {
    assertThat(forward(0, 8 * MIB, true)).isBetween(4 * MIB, 16 * MIB);
    assertThat(forward(8 * MIB, 512 * MIB, true)).isEqualTo(ReadPlanner.LONGEST);
  }

  @Example
  void theWindowStaysWhileTheReaderFindsItsBytes() {
    read(0, 128 * KIB);
    assertThat(forward(128 * KIB, 64 * MIB, false)).isEqualTo(ReadPlanner.FIRST);
  }

  @Example
  void theWindowShrinksWhereLessIsAllowed() {
    forward(0, 512 * MIB, true);
    long at = 600 * MIB;
    // Everything ahead has been read before anything more is fetched.
    forward(512 * MIB, at, true);
    Plan plan = planner.read(at, at + MIB, true, 2 * MIB, (from, to) -> 0);
    assertThat(plan.fetchTo()).isLessThanOrEqualTo(600 * MIB + MOST);
    long end = at + 200 * MIB;
    for (long next = at + MIB; next < end; next += MIB) {
      plan = planner.read(next, next + MIB, true, 2 * MIB, (from, to) -> 0);
    }
    assertThat(plan.fetchTo()).isLessThanOrEqualTo(end + 2 * MIB);
  }

  @Example
  void goingOnAfterAJumpOpensAWindow() {
    assertThat(read(500 * MIB, 128 * KIB)).isEqualTo(nothingBut(500 * MIB + 128 * KIB));
    assertThat(read(500 * MIB + 128 * KIB, 128 * KIB).fetchTo())
        .isEqualTo(500 * MIB + 256 * KIB + ReadPlanner.FIRST);
  }

  @Example
  void goingBackAndShortSeeksKeepTheWindow() {
    forward(0, 64 * MIB, true);
    assertThat(read(64 * MIB - 300 * KIB, 4 * KIB).fetchTo()).isEqualTo(64 * MIB - 296 * KIB);
    assertThat(forward(64 * MIB + 500 * KIB, 90 * MIB, true)).isGreaterThan(16 * MIB);
  }

  @Example
  void jumpsInBetweenDoNotEndAStream() {
    forward(0, 64 * MIB, true);
    for (int i = 0; i < 10; i++) {
      read(LENGTH / 2 + i * 100L * MIB, 4 * KIB);
    }
    assertThat(forward(64 * MIB, 128 * MIB, true)).isGreaterThan(16 * MIB);
  }

  @Example
  void aReaderOfTheEndGetsTheTail() {
    Plan plan = read(LENGTH - 22, 22);
    assertThat(plan.alsoFrom()).isEqualTo(LENGTH - ReadPlanner.TAIL);
    assertThat(plan.alsoTo()).isEqualTo(LENGTH - 22);
    assertThat(plan.fetchTo()).isEqualTo(LENGTH);
    assertThat(read(0, 4 * KIB).fetchTo()).as("not the first read").isEqualTo(4 * KIB);
  }

  @Example
  void denseNeighbourhoodsAreFilled() {
    read(10, 10);
    long at = 700 * MIB + 5 * 64 * KIB;
    Plan plan = planner.read(at, at + 4 * KIB, true, MOST, (from, to) -> 256 * KIB);
    assertThat(plan).isEqualTo(new Plan(at + 4 * KIB, 700 * MIB, 701 * MIB));
    Plan sparse = planner.read(at + MIB, at + MIB + 10, true, MOST, (from, to) -> 192 * KIB);
    assertThat(sparse).isEqualTo(nothingBut(at + MIB + 10));
  }

  @Property(tries = 200)
  void readsFarApartFetchNothingElse(@ForAll long seed) {
    var random = new Random(seed);
    var jumping = new ReadPlanner(1L << 50);
    for (int i = 0; i < 100; i++) {
      long at = ((long) random.nextInt(1 << 20) + 1) << 28;
      Plan plan = jumping.read(at, at + 4 * KIB, true, MOST, (from, to) -> 64 * KIB);
      if (plan.fetchTo() != at + 4 * KIB) {
        // The same place twice goes on there; that is the only reason.
        assertThat(plan.fetchTo()).isLessThanOrEqualTo(at + 4 * KIB + ReadPlanner.FIRST);
      }
    }
  }

  @Property(tries = 300)
  void whatIsFetchedLiesInTheFileAndWithinTheWindow(
      @ForAll @LongRange(min = 1, max = 1L << 36) long length,
      @ForAll @Size(max = 60) List<@LongRange(min = 0, max = 1L << 36) Long> places,
      @ForAll @IntRange(min = 1, max = 1 << 20) int size,
      @ForAll @LongRange(min = 1 << 20, max = 64 << 20) long longest) {
    var any = new ReadPlanner(length);
    for (long place : places) {
      long offset = place % length;
      for (int i = 0; i < 8 && offset < length; i++) {
        long end = Math.min(length, offset + size);
        Plan plan = any.read(offset, end, place % 3 > 0, longest, (from, to) -> to - from);
        assertThat(plan.fetchTo()).isBetween(end, Math.min(length, end + longest));
        assertThat(plan.alsoFrom()).isBetween(0L, plan.alsoTo());
        assertThat(plan.alsoTo()).isLessThanOrEqualTo(length);
        assertThat(plan.alsoTo() - plan.alsoFrom()).isLessThanOrEqualTo(MIB);
        offset = end;
      }
    }
  }

  /**
   * Two readers by turns, each served by a service that brings a fixed number of bytes during a
   * read: once its windows are wide enough, nobody waits any more.
   */
  @Property(tries = 100)
  void twoForwardReadersStopWaiting(
      @ForAll @LongRange(min = 4 << 10, max = 1 << 20) long step,
      @ForAll @IntRange(min = 1, max = 40) int delay) {
    var both = new ReadPlanner(LENGTH);
    var readers = List.of(new Reader(0, step, delay), new Reader(LENGTH / 2, step, delay));
    int reads = (int) Math.min(4000, LENGTH / 2 / step);
    for (int i = 0; i < reads; i++) {
      for (Reader reader : readers) {
        reader.read(both);
      }
    }
    for (Reader reader : readers) {
      if (step * delay * 2 <= ReadPlanner.LONGEST && reads > 100 * delay) {
        assertThat(reader.lastWait).isLessThan(reads / 4 * 3);
      }
      assertThat(reader.fetched - reader.at).isLessThanOrEqualTo(ReadPlanner.LONGEST);
    }
  }

  /** A reader whose bytes come a number of reads after they were asked for. */
  private static final class Reader {
    private final long step;
    private final int delay;
    private final long[] asked;
    private long at;
    private long fetched;
    private int reads;
    private int lastWait;

    Reader(long start, long step, int delay) {
      this.step = step;
      this.delay = delay;
      this.asked = new long[delay];
      this.at = start;
      this.fetched = start;
    }

    void read(ReadPlanner planner) {
      long there = asked[reads % delay];
      boolean waits = there < at + step;
      if (waits) {
        lastWait = reads;
      }
      if (waits) {
        // It stands still until its bytes are there, and with them what was asked for before.
        Arrays.fill(asked, fetched);
      }
      Plan plan = planner.read(at, at + step, waits, MOST, (from, to) -> 0);
      at += step;
      fetched = Math.max(fetched, plan.fetchTo());
      asked[reads % delay] = fetched;
      reads++;
    }
  }
}
