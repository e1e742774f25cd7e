package io.azcp.fs.writeback;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The order of remote operations. Each operation stands in the line of every name it touches,
 * always at the end, and is run when it is first in all of them; so those on one name run one at a
 * time in journal order, a move orders both its names, and nothing waits in a circle, because
 * everything waits only for what is older. Guarded by the ledger's lock.
 */
final class OperationQueue {
  private static final Comparator<Operation> BY_TIME =
      Comparator.<Operation>comparingLong(o -> o.notBeforeNanos).thenComparingLong(o -> o.sequence);

  private final Map<String, Deque<Operation>> lines = new HashMap<>();
  private final TreeMap<Long, Operation> all = new TreeMap<>();

  /** Operations that may run now or at their time. */
  private final TreeSet<Operation> eligible = new TreeSet<>(BY_TIME);

  void add(Operation operation) {
    all.put(operation.sequence, operation);
    operation.entry.operations.add(operation);
    if (operation.after != null) {
      operation.after.dependents.add(operation);
    }
    for (String name : operation.names()) {
      lines.computeIfAbsent(name, n -> new ArrayDeque<>(2)).add(operation);
    }
    reconsider(operation);
  }

  /** Takes an operation out, done or given up. */
  void remove(Operation operation) {
    if (all.remove(operation.sequence) == null) {
      return;
    }
    eligible.remove(operation);
    operation.running = false;
    operation.entry.operations.remove(operation);
    if (operation.after != null) {
      operation.after.dependents.remove(operation);
    }
    for (String name : operation.names()) {
      Deque<Operation> line = lines.get(name);
      line.remove(operation);
      if (line.isEmpty()) {
        lines.remove(name);
      } else {
        reconsider(line.peekFirst());
      }
    }
  }

  /** Its entry has no local content left: who waited for that may run. */
  void release(Entry entry) {
    for (Operation o : new ArrayList<>(entry.dependents)) {
      o.after = null;
      reconsider(o);
    }
    entry.dependents.clear();
  }

  /** Changes when an operation may run. */
  void schedule(Operation operation, boolean parked, long notBeforeNanos) {
    eligible.remove(operation);
    operation.parked = parked;
    operation.notBeforeNanos = notBeforeNanos;
    reconsider(operation);
  }

  /** The next operation that is due, marked as running; null when none is. */
  Operation take(long nowNanos) {
    if (eligible.isEmpty() || eligible.first().notBeforeNanos > nowNanos) {
      return null;
    }
    Operation operation = eligible.pollFirst();
    operation.running = true;
    return operation;
  }

  /** A coordinator has let go of an operation that is not done. */
  void giveBack(Operation operation, boolean parked, long notBeforeNanos) {
    operation.running = false;
    if (all.containsKey(operation.sequence)) {
      schedule(operation, parked, notBeforeNanos);
    }
  }

  /** When the next operation is due, or {@link Long#MAX_VALUE}. */
  long nextNanos() {
    return eligible.isEmpty() ? Long.MAX_VALUE : eligible.first().notBeforeNanos;
  }

  boolean contains(Operation operation) {
    return all.containsKey(operation.sequence);
  }

  Operation get(long sequence) {
    return all.get(sequence);
  }

  /** The youngest operation that touches the name; null for none. */
  Operation last(String name) {
    Deque<Operation> line = lines.get(name);
    return line == null ? null : line.peekLast();
  }

  /** The operation after the given one in the line of the name; null for none. */
  Operation next(Operation operation, String name) {
    Deque<Operation> line = lines.getOrDefault(name, new ArrayDeque<>());
    boolean found = false;
    for (Operation o : line) {
      if (found) {
        return o;
      }
      found = o == operation;
    }
    return null;
  }

  /** The operations on a name, oldest first. */
  Collection<Operation> line(String name) {
    return lines.getOrDefault(name, new ArrayDeque<>());
  }

  /** Whether nothing is queued behind it on any of its names. */
  boolean isLast(Operation operation) {
    for (String name : operation.names()) {
      if (last(name) != operation) {
        return false;
      }
    }
    return true;
  }

  /** All operations, oldest first. */
  Collection<Operation> all() {
    return all.values();
  }

  List<Operation> snapshot() {
    return new ArrayList<>(all.values());
  }

  private void reconsider(Operation operation) {
    if (!operation.running && !operation.parked && operation.after == null && first(operation)) {
      eligible.add(operation);
    } else {
      eligible.remove(operation);
    }
  }

  private boolean first(Operation operation) {
    for (String name : operation.names()) {
      if (lines.get(name).peekFirst() != operation) {
        return false;
      }
    }
    return true;
  }
}
