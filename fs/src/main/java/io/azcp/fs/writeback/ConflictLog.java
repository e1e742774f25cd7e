package io.azcp.fs.writeback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The newest conflicts, and which of them nobody who flushes was told of yet. Guarded by the
 * ledger's lock.
 */
final class ConflictLog {
  /** More than this are counted, but not remembered one by one. */
  static final int KEPT = 100;

  private final Deque<Writeback.Conflict> newest = new ArrayDeque<>();
  private final Deque<Writeback.Conflict> untold = new ArrayDeque<>();

  void add(Writeback.Conflict conflict) {
    add(newest, conflict);
    add(untold, conflict);
  }

  private static void add(Deque<Writeback.Conflict> list, Writeback.Conflict conflict) {
    if (list.size() == KEPT) {
      list.removeFirst();
    }
    list.addLast(conflict);
  }

  /** The newest, oldest first. */
  List<Writeback.Conflict> newest() {
    return List.copyOf(newest);
  }

  /** Those at a name or below it that were not asked for before. */
  List<Writeback.Conflict> takeUntold(String prefix) {
    List<Writeback.Conflict> taken = new ArrayList<>();
    for (Iterator<Writeback.Conflict> i = untold.iterator(); i.hasNext(); ) {
      Writeback.Conflict each = i.next();
      if (Flush.below(each.name(), prefix)) {
        taken.add(each);
        i.remove();
      }
    }
    return taken;
  }
}
