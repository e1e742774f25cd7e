package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.CachedFile.FaultListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who waits for which units of one partial file, and which fetches are under way in this process. A
 * unit is in at most one fetch. A wait walks through its range: for absent units that nobody
 * fetches it starts fetches of at most 5 MiB, which end where blocks of 5 MiB end so that two
 * processes reading the same file meet in the same claims; over the others it steps. It is answered
 * as soon as its own bytes are there.
 *
 * <p>A failure that may pass is not told to who waits urgently: the range is fetched again after a
 * pause, until no byte has come for the time of the budget. Other failures, and other waits, are
 * answered at once.
 *
 * <p>Fetches under way are bounded: a wait that nobody is urgent about goes on only when some have
 * finished, so asking for a terabyte costs no more memory than asking for 128 MiB. Thread-safe;
 * listeners and fetch threads are called without the monitor held.
 */
final class Faults {
  /**
   * Units of one fetch: 5 MiB. Small, so that a window is many connections; but more than 4 MiB, up
   * to which Azurite reads what is asked for twice, because it sends its MD5.
   */
  static final int GROUP = (5 << 20) / RangeMap.UNIT;

  private static final int MAX_BACKGROUND = 32;

  /** The pause after a failure that may pass. */
  static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A read that follows one that was given up, as the kernel's own second try does. */
  private static final long AFTER_GIVEN_UP_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long such a read waits. */
  private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RangeMap map;
  private final Starter starter;
  private final long budgetNanos;
  private final LongSupplier clock;
  private final NavigableMap<Integer, Fetch> underWay = new TreeMap<>();
  private final Set<Wait> waits = new HashSet<>();
  private volatile boolean settled;

  /** Whether a read was given up and no byte has come since. */
  private boolean givenUp;

  private long givenUpAt;

  /**
   * The faults of one file.
   *
   * @param budgetNanos how long an urgent wait is kept while no byte of it comes
   */
  Faults(RangeMap map, Starter starter, long budgetNanos) {
    this(map, starter, budgetNanos, System::nanoTime);
  }

  /** The same with a clock of its own. */
  Faults(RangeMap map, Starter starter, long budgetNanos, LongSupplier clock) {
    this.map = map;
    this.starter = starter;
    this.budgetNanos = budgetNanos;
    this.clock = clock;
  }

  /** Makes and queues fetches. */
  interface Starter {
    /** A fetch of units, not queued yet. */
    Fetch make(int from, int to);

    /** Queues it; asking again for the same moves it forward. */
    void queue(Fetch fetch, boolean urgent);
  }

  /** One call's interest in a range. */
  private static final class Wait {
    private final int from;
    private final int to;
    private final long end;
    private final boolean urgent;
    private final FaultListener listener;
    private final int fetchTo;
    private int cursor;

    /** When the last byte came, or the wait began. */
    private long since;

    private long pausedUntil;
    private AzcpException reason;

    Wait(
        int from,
        int to,
        int fetchTo,
        long end,
        boolean urgent,
        long since,
        FaultListener listener) {
      this.from = from;
      this.to = to;
      this.fetchTo = fetchTo;
      this.end = end;
      this.urgent = urgent;
      this.since = since;
      this.pausedUntil = since;
      this.listener = listener;
      this.cursor = from;
    }

    boolean concerns(int first, int behind) {
      return from < behind && first < to;
    }

    boolean mayBeRepeated() {
      return urgent && listener != null;
    }
  }

  /** What to do once the monitor is free. */
  private final class Orders {
    private final Map<Fetch, Boolean> toQueue = new java.util.LinkedHashMap<>();
    private final List<FaultListener> ready = new ArrayList<>();

    void carryOut() {
      toQueue.forEach(starter::queue);
      ready.forEach(FaultListener::ready);
    }
  }

  /** Has bytes fetched in the background; nobody is told. */
  void prefetch(long offset, long end) {
    if (offset < end && !map.present(RangeMap.first(offset), map.behind(end))) {
      ensure(offset, end, end, false, null);
    }
  }

  /**
   * Makes bytes present; {@code listener} null when nobody has to be told.
   *
   * @param fetchTo up to where a fetch that this starts may go on behind the end
   */
  void ensure(long offset, long end, long fetchTo, boolean urgent, FaultListener listener) {
    int from = RangeMap.first(offset);
    int to = map.behind(end);
    var orders = new Orders();
    synchronized (this) {
      if (ready(from, to)) {
        if (listener != null) {
          orders.ready.add(listener);
        }
      } else {
        var wait = new Wait(from, to, map.behind(fetchTo), end, urgent, waitsSince(), listener);
        waits.add(wait);
        advance(wait, orders);
      }
    }
    orders.carryOut();
  }

  /** From when on the budget of a new wait counts. */
  private long waitsSince() {
    long now = clock.getAsLong();
    boolean again = givenUp && now - givenUpAt < AFTER_GIVEN_UP_NANOS;
    return again ? now - Math.max(0, budgetNanos - SHORT_NANOS) : now;
  }

  /**
   * Whether a wait for the range can be answered. Once nothing is missing it has to be published
   * first, so that whoever was told that the file is there finds it in its place.
   */
  boolean ready(int from, int to) {
    return map.present(from, to) && (settled || !map.complete());
  }

  /** The complete file was published, or cannot be for now: answers everyone. */
  void settle() {
    var orders = new Orders();
    synchronized (this) {
      settled = true;
      answer(0, map.units(), true, orders);
    }
    orders.carryOut();
  }

  private void advance(Wait wait, Orders orders) {
    if (wait.reason != null && clock.getAsLong() - wait.pausedUntil < 0) {
      return;
    }
    while (wait.cursor < wait.to) {
      int unit = map.nextAbsent(wait.cursor, wait.to);
      if (unit == wait.to) {
        wait.cursor = unit;
        break;
      }
      var before = underWay.floorEntry(unit);
      if (before != null && before.getValue().to() > unit) {
        if (wait.urgent) {
          orders.toQueue.merge(before.getValue(), true, Boolean::logicalOr);
        }
        wait.cursor = before.getValue().to();
        continue;
      }
      if (!wait.urgent && underWay.size() >= MAX_BACKGROUND) {
        return;
      }
      Fetch fetch = starter.make(unit, groupEnd(unit, wait.fetchTo));
      underWay.put(unit, fetch);
      orders.toQueue.put(fetch, wait.urgent);
      wait.cursor = fetch.to();
    }
    if (wait.listener == null) {
      waits.remove(wait);
    }
  }

  private int groupEnd(int unit, int limit) {
    int end = Math.min(limit, (unit / GROUP + 1) * GROUP);
    Integer next = underWay.higherKey(unit);
    if (next != null) {
      end = Math.min(end, next);
    }
    return map.nextPresent(unit, end);
  }

  /** Units have arrived: answers the waits that now have all they want. */
  void arrived(int from, int to) {
    var orders = new Orders();
    synchronized (this) {
      givenUp = false;
      answer(from, to, true, orders);
    }
    orders.carryOut();
  }

  /**
   * Bytes of a unit have arrived, up to a position: answers the waits that want no more of it and
   * have all before.
   */
  void arrivedWithin(int unit, long position) {
    var orders = new Orders();
    synchronized (this) {
      waits.removeIf(
          wait -> {
            boolean over =
                wait.listener != null
                    && wait.to == unit + 1
                    && wait.end <= position
                    && map.present(wait.from, unit);
            if (over) {
              orders.ready.add(wait.listener);
            }
            return over;
          });
    }
    orders.carryOut();
  }

  /** Answers the waits for a range that have all; with new bytes in it the others' time begins. */
  private void answer(int from, int to, boolean news, Orders orders) {
    long now = clock.getAsLong();
    waits.removeIf(
        wait -> {
          if (!wait.concerns(from, to)) {
            return false;
          }
          if (news) {
            wait.since = now;
          }
          boolean over = ready(wait.from, wait.to);
          if (over && wait.listener != null) {
            orders.ready.add(wait.listener);
          }
          return over;
        });
  }

  /** A fetch has ended well: waits that were held back go on. */
  void finished(Fetch fetch) {
    var orders = new Orders();
    synchronized (this) {
      underWay.remove(fetch.from(), fetch);
      answer(fetch.from(), fetch.to(), true, orders);
      advanceAll(orders);
    }
    orders.carryOut();
  }

  /**
   * A fetch has failed: waits that miss one of its units are told, or put off.
   *
   * @param mayPass whether it may go well in a while
   * @return whether {@link #resume} must be called after {@link #PAUSE_NANOS}
   */
  boolean failed(Fetch fetch, AzcpException reason, boolean mayPass) {
    var orders = new Orders();
    List<FaultListener> failures = new ArrayList<>();
    boolean putOff = false;
    synchronized (this) {
      underWay.remove(fetch.from(), fetch);
      // It may have seen what another process brought before it failed for the rest.
      answer(fetch.from(), fetch.to(), false, orders);
      for (Wait wait : List.copyOf(waits)) {
        int low = Math.max(wait.from, fetch.from());
        int high = Math.min(wait.to, fetch.to());
        if (low >= high || map.present(low, high)) {
          continue;
        }
        if (mayPass && wait.mayBeRepeated()) {
          putOff = true;
          wait.reason = reason;
          wait.pausedUntil = clock.getAsLong() + PAUSE_NANOS;
          wait.cursor = wait.from;
        } else {
          waits.remove(wait);
          if (wait.listener != null) {
            failures.add(wait.listener);
          }
        }
      }
      advanceAll(orders);
    }
    orders.carryOut();
    failures.forEach(listener -> listener.failed(reason));
    return putOff;
  }

  private void advanceAll(Orders orders) {
    for (Wait wait : List.copyOf(waits)) {
      advance(wait, orders);
    }
  }

  /** Fetches again for the waits whose pause is over. */
  void resume() {
    var orders = new Orders();
    synchronized (this) {
      advanceAll(orders);
    }
    orders.carryOut();
  }

  /** Gives up the urgent waits for which no byte has come for the time of the budget. */
  void expire(String name) {
    List<Wait> over = new ArrayList<>();
    long now = clock.getAsLong();
    synchronized (this) {
      waits.removeIf(
          wait -> {
            boolean late = wait.mayBeRepeated() && now - wait.since > budgetNanos;
            if (late) {
              over.add(wait);
            }
            return late;
          });
      if (!over.isEmpty()) {
        givenUp = true;
        givenUpAt = now;
      }
    }
    for (Wait wait : over) {
      String why = wait.reason == null ? "the service does not answer" : wait.reason.getMessage();
      String sentence =
          "Reading " + name + " was given up after " + budgetNanos / 1_000_000_000 + " s: " + why;
      wait.listener.failed(new AzcpException(Errno.EIO, sentence, wait.reason));
    }
  }

  /** A fetch was not carried out: whoever counted on it since starts over. */
  void dropped(Fetch fetch) {
    var orders = new Orders();
    synchronized (this) {
      underWay.remove(fetch.from(), fetch);
      for (Wait wait : List.copyOf(waits)) {
        if (wait.from < fetch.to() && fetch.from() < wait.to) {
          wait.cursor = Math.min(wait.cursor, Math.max(wait.from, fetch.from()));
          advance(wait, orders);
        }
      }
    }
    orders.carryOut();
  }

  /** Takes away every wait, because nobody is left or the file is given up; tells whose. */
  synchronized List<FaultListener> giveUp() {
    List<FaultListener> listeners = new ArrayList<>();
    for (Wait wait : waits) {
      if (wait.listener != null) {
        listeners.add(wait.listener);
      }
    }
    waits.clear();
    return listeners;
  }

  /** Whether no fetch is under way. */
  synchronized boolean idle() {
    return underWay.isEmpty();
  }
}
