package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.cache.CachedFile.FaultListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Who waits for which units of one partial file, and which fetches are under way in this process. A
 * unit is in at most one fetch. A wait walks through its range: for absent units that nobody
 * fetches it starts fetches of at most 8 MiB, which end where blocks of 8 MiB end so that two
 * processes reading the same file meet in the same claims; over the others it steps. It is answered
 * as soon as its own bytes are there, and with the first failure that concerns one of them.
 *
 * <p>Fetches under way are bounded: a wait that nobody is urgent about goes on only when some have
 * finished, so asking for a terabyte costs no more memory than asking for 256 MiB. Thread-safe;
 * listeners and fetch threads are called without the monitor held.
 */
final class Faults {
  /** Units of one fetch: 8 MiB. */
  static final int GROUP = (8 << 20) / RangeMap.UNIT;

  private static final int MAX_BACKGROUND = 32;

  private final RangeMap map;
  private final Starter starter;
  private final NavigableMap<Integer, Fetch> underWay = new TreeMap<>();
  private final Set<Wait> waits = new HashSet<>();
  private volatile boolean settled;

  Faults(RangeMap map, Starter starter) {
    this.map = map;
    this.starter = starter;
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
    private final boolean urgent;
    private final FaultListener listener;
    private int cursor;

    Wait(int from, int to, boolean urgent, FaultListener listener) {
      this.from = from;
      this.to = to;
      this.urgent = urgent;
      this.listener = listener;
      this.cursor = from;
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

  /** Makes units present; {@code listener} null when nobody has to be told. */
  void ensure(int from, int to, boolean urgent, FaultListener listener) {
    var orders = new Orders();
    synchronized (this) {
      if (ready(from, to)) {
        if (listener != null) {
          orders.ready.add(listener);
        }
      } else {
        var wait = new Wait(from, to, urgent, listener);
        waits.add(wait);
        advance(wait, orders);
      }
    }
    orders.carryOut();
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
      answer(0, map.units(), orders);
    }
    orders.carryOut();
  }

  private void advance(Wait wait, Orders orders) {
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
      Fetch fetch = starter.make(unit, groupEnd(unit, wait.to));
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
      answer(from, to, orders);
    }
    orders.carryOut();
  }

  private void answer(int from, int to, Orders orders) {
    waits.removeIf(
        wait -> {
          boolean over = wait.from < to && from < wait.to && ready(wait.from, wait.to);
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
      answer(fetch.from(), fetch.to(), orders);
      for (Wait wait : List.copyOf(waits)) {
        advance(wait, orders);
      }
    }
    orders.carryOut();
  }

  /** A fetch has failed: waits that miss one of its units are told. */
  void failed(Fetch fetch, AzcpException reason) {
    var orders = new Orders();
    List<FaultListener> failures = new ArrayList<>();
    synchronized (this) {
      underWay.remove(fetch.from(), fetch);
      waits.removeIf(
          wait -> {
            int low = Math.max(wait.from, fetch.from());
            int high = Math.min(wait.to, fetch.to());
            boolean hit = low < high && !map.present(low, high);
            if (hit && wait.listener != null) {
              failures.add(wait.listener);
            }
            return hit;
          });
      for (Wait wait : List.copyOf(waits)) {
        advance(wait, orders);
      }
    }
    orders.carryOut();
    failures.forEach(listener -> listener.failed(reason));
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
