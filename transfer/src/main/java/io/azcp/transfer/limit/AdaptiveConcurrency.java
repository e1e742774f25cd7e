package io.azcp.transfer.limit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How many requests an account is given at once. Too few leave latency unhidden, too many fight for
 * the processors of this machine or are refused by the service, and the right number is known to
 * neither side before.
 *
 * <p>The law: begin with {@value #FIRST}. Every 200 ms, once about as many requests have ended as
 * are allowed at once, look at the throughput. While it grows by itself, as it does while the
 * program warms up, wait. Else double, and go on doubling while each brings a tenth; a doubling
 * that brought less is taken back. After {@value #PATIENCE} decisions a quarter less is tried, and
 * kept where the throughput stays. Then a doubling once more, and so on in turn. Where a quarter of
 * the requests or more are refused for load (503, 429), halve; from then on the number grows by one
 * a decision until it is back where it was refused. Fewer refusals are repeated and change nothing:
 * a service refuses some requests at any number, and what is refused is no throughput.
 *
 * <p>Throughput is bytes, with {@value #REQUEST_BYTES} more for each request: where files are small
 * it is requests that count. Thread-safe; whoever ends a request may happen to decide.
 */
public final class AdaptiveConcurrency {
  /** Requests at once in the beginning. */
  public static final int FIRST = 8;

  /** How often it is decided. */
  private static final long PERIOD_NANOS = 200_000_000;

  /** When it is decided although hardly any request has ended. */
  private static final long LONGEST_PERIOD_NANOS = 10 * PERIOD_NANOS;

  /** What a request counts beside its bytes: about what it costs. */
  private static final long REQUEST_BYTES = 64 << 10;

  /** What a doubling must bring. */
  private static final double MORE = 1.1;

  /** What a quarter less must keep. */
  private static final double AS_MUCH = 0.95;

  /** One refused of so many is too many. */
  private static final int REFUSED_OF = 4;

  /** Decisions without a change before something is tried: two seconds. */
  private static final int PATIENCE = 10;

  private enum Trial {
    NONE,
    MORE,
    LESS
  }

  private final int ceiling;
  private final int first;
  private final LongSupplier clock;
  private final LongAdder work = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final AtomicLong nextLook;
  private volatile int limit;

  /** Where too many were refused, until the number is back there; 0 otherwise. */
  private volatile int refusedAt;

  // Guarded by this.
  private long since;

  /** Requests that must end before a decision. */
  private int enough;

  private double before;
  private int previous;
  private Trial trial = Trial.NONE;
  private Trial next = Trial.MORE;
  private int patience;

  /** Between 1 and a ceiling, by the system's clock. */
  public AdaptiveConcurrency(int ceiling) {
    this(FIRST, ceiling, System::nanoTime);
  }

  /**
   * A controller.
   *
   * @param first requests at once in the beginning
   * @param ceiling requests at once at most
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  AdaptiveConcurrency(int first, int ceiling, LongSupplier clock) {
    this.ceiling = ceiling;
    this.first = Math.min(first, ceiling);
    this.clock = clock;
    this.limit = this.first;
    this.enough = this.first;
    this.since = clock.getAsLong();
    this.nextLook = new AtomicLong(since + PERIOD_NANOS);
  }

  /** How many requests may be under way at once now, at least 1. */
  public int limit() {
    return limit;
  }

  /** The most there will ever be. */
  public int ceiling() {
    return ceiling;
  }

  /** Whether the service has refused too much, and has not borne as much again since. */
  boolean isOverloaded() {
    return refusedAt > 0;
  }

  /** A request has ended that moved so many bytes. */
  void ended(long bytes) {
    work.add(bytes + REQUEST_BYTES);
    count();
  }

  /** A request was refused because there are too many. */
  void refused() {
    refusals.increment();
    count();
  }

  private void count() {
    requests.increment();
    long look = nextLook.get();
    long now = clock.getAsLong();
    if (now - look >= 0 && nextLook.compareAndSet(look, now + PERIOD_NANOS)) {
      decide(now);
    }
  }

  private synchronized void decide(long now) {
    long period = now - since;
    long ended = requests.sum();
    if (ended < enough && period < LONGEST_PERIOD_NANOS) {
      return;
    }
    int allowed = limit;
    if (tooMany(refusals.sum(), ended)) {
      retreat();
    } else if (refusedAt > 0) {
      recover();
    } else {
      explore(work.sum() / (double) period);
    }
    // After a retreat those that were under way still tell of the time before.
    enough = Math.max(allowed, limit);
    work.reset();
    requests.reset();
    refusals.reset();
    since = now;
  }

  /** A single refusal is no sign of anything, unless nothing else was heard. */
  private static boolean tooMany(long refused, long ended) {
    return refused * REFUSED_OF >= ended && (refused > 1 || (refused == 1 && ended == 1));
  }

  private void retreat() {
    refusedAt = Math.max(refusedAt, limit);
    limit = Math.max(1, limit / 2);
  }

  private void recover() {
    limit = Math.min(ceiling, limit + 1);
    if (limit >= refusedAt) {
      refusedAt = 0;
      settle();
    }
  }

  private void explore(double throughput) {
    if (trial == Trial.NONE) {
      boolean grows = throughput > before * MORE;
      before = throughput;
      if (!grows && patience-- <= 0) {
        attempt(next);
      }
      return;
    }
    boolean keeps = throughput >= before * (trial == Trial.MORE ? MORE : AS_MUCH);
    if (!keeps) {
      limit = previous;
      settle();
      return;
    }
    before = Math.max(before, throughput);
    attempt(trial);
  }

  private void attempt(Trial change) {
    int changed =
        change == Trial.MORE
            ? Math.min(ceiling, limit * 2)
            : Math.max(Math.min(first, limit), limit * 3 / 4);
    previous = limit;
    limit = changed;
    trial = change;
    if (changed == previous) {
      settle();
    }
  }

  /** Leaves the number alone for a while; the other direction is tried next. */
  private void settle() {
    next = trial == Trial.MORE ? Trial.LESS : Trial.MORE;
    trial = Trial.NONE;
    patience = PATIENCE;
  }
}
