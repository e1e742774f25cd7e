package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.journal.JournalRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is pending: entries, their operations, the overlay, and the journal they are kept in.
 * Everything in this package that changes them does so under {@link #lock}, marks what it touched,
 * and calls {@link #commit()}, which appends the new state of all of it as one batch. Rows that
 * could not be appended stay marked and go with the next batch, so that the journal never falls
 * behind for good.
 */
final class Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /** Below this much growth a journal is not worth compacting. */
  private static final long COMPACT_BYTES = 4L << 20;

  /** More entries than this are not compacted: their batch would be too large. */
  private static final int MAX_COMPACTED = 50_000;

  /** Rows of an adopted state that go into one batch. */
  private static final int BATCH_ROWS = 2000;

  /** What most commits touch is less than this. */
  private static final int SMALL_BATCH = 64;

  /** What a row takes on average; decides whether compaction would free most of the journal. */
  private static final long ROW_BYTES = 400;

  final ReentrantLock lock = new ReentrantLock();

  /** Signalled when an operation may have become due; see {@link #wakeForWork}. */
  private final Condition work = lock.newCondition();

  /** When the first of the coordinators that wait will look again by itself. */
  private long alarmNanos = Long.MAX_VALUE;

  /** Signalled when something was completed or failed. */
  final Condition progress = lock.newCondition();

  final OperationQueue queue = new OperationQueue();
  final Overlay overlay = new Overlay();
  final Counters counters = new Counters();
  final ConflictLog conflicts = new ConflictLog();
  final WritebackOptions options;

  /** Told after each operation that the service has done. */
  volatile Runnable done = () -> {};

  /** The disk's free space, while files are open for writing. */
  SpaceWatch space;

  private final StateLog log;
  private final StateRows.Session session;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private Map<String, JournalRecord> waiting = new LinkedHashMap<>();
  private Map<Long, Entry> touchedEntries = new LinkedHashMap<>();
  private Map<Long, Operation> touchedOperations = new LinkedHashMap<>();
  private long lastId;
  private long lastSequence;

  /** Flushes under way: no quiet times then. */
  int hurries;

  Ledger(StateLog log, StateRows.Session session, WritebackOptions options) {
    this.log = log;
    this.session = session;
    this.options = options;
  }

  long newId() {
    return ++lastId;
  }

  Entry add(Entry entry) {
    entries.put(entry.id, entry);
    touch(entry);
    return entry;
  }

  Iterable<Entry> entries() {
    return entries.values();
  }

  void touch(Entry entry) {
    if (entries.containsKey(entry.id)) {
      touchedEntries.put(entry.id, entry);
    }
  }

  void touch(Operation operation) {
    touchedOperations.put(operation.sequence, operation);
  }

  /** Forgets an entry that has nothing left to do. */
  void drop(Entry entry) {
    if (entries.remove(entry.id) != null) {
      touchedEntries.remove(entry.id);
      waiting.put("e" + entry.id, StateRows.gone(StateRows.ENTRY_GONE, entry.id));
      queue.release(entry);
    }
  }

  /** Queues an operation at the end of its lines; due at once unless scheduled otherwise. */
  Operation enqueue(Operation.Kind kind, Entry entry, String name, String from) {
    var operation =
        new Operation(++lastSequence, kind, entry, name, from, System.currentTimeMillis());
    return enqueue(operation);
  }

  Operation enqueue(Operation operation) {
    operation.notBeforeNanos = System.nanoTime();
    queue.add(operation);
    touch(operation);
    return operation;
  }

  long newSequence() {
    return ++lastSequence;
  }

  /** Takes an operation out, done or given up. */
  void finish(Operation operation) {
    queue.remove(operation);
    overlay.releaseHolds(operation);
    touchedOperations.remove(operation.sequence);
    waiting.put(
        "o" + operation.sequence, StateRows.gone(StateRows.OPERATION_GONE, operation.sequence));
  }

  /** Journals what was touched, as one batch, and wakes who waits. */
  void commit() throws IOException {
    if (entries.size() < MAX_COMPACTED
        && log.grown() > Math.max(COMPACT_BYTES, 4 * ROW_BYTES * entries.size())) {
      // Before the new rows: what those tell to be gone may still have a staging file, which is
      // known as discarded only by its row.
      compact();
    }
    encodeTouched();
    wakeForWork();
    progress.signalAll();
    if (waiting.isEmpty()) {
      return;
    }
    log.append(new ArrayList<>(waiting.values()));
    waiting = emptied(waiting);
  }

  /** To clear a map takes as long as it once was large; one commit may touch all there is. */
  private static <K, V> Map<K, V> emptied(Map<K, V> map) {
    if (map.size() > SMALL_BATCH) {
      return new LinkedHashMap<>();
    }
    map.clear();
    return map;
  }

  /** A journal that finds no room to become smaller grows on in the room that it has reserved. */
  private void compact() throws IOException {
    try {
      log.compact(everything());
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
        throw e;
      }
      LOG.warn("the journal could not be made smaller: {}", e.getMessage());
    }
  }

  private void encodeTouched() {
    for (Entry e : touchedEntries.values()) {
      waiting.put("e" + e.id, StateRows.of(e));
    }
    for (Operation o : touchedOperations.values()) {
      waiting.put("o" + o.sequence, StateRows.of(o));
    }
    touchedEntries = emptied(touchedEntries);
    touchedOperations = emptied(touchedOperations);
  }

  /** The whole state as rows, for compaction. */
  private List<JournalRecord> everything() {
    List<JournalRecord> rows = new ArrayList<>();
    rows.add(StateRows.session(session));
    entries.values().forEach(e -> rows.add(StateRows.of(e)));
    queue.all().forEach(o -> rows.add(StateRows.of(o)));
    return rows;
  }

  /** Makes all of an adopted state, and whose it was, the content of the journal, synced. */
  void adopted(List<String> sessions) throws IOException {
    touchedEntries = emptied(touchedEntries);
    touchedOperations = emptied(touchedOperations);
    waiting = emptied(waiting);
    List<JournalRecord> rows = everything();
    if (!sessions.isEmpty()) {
      rows.add(1, StateRows.adopting());
      rows.add(StateRows.adopted(sessions));
    }
    for (int at = 0; at < rows.size(); at += BATCH_ROWS) {
      log.append(rows.subList(at, Math.min(rows.size(), at + BATCH_ROWS)));
    }
    log.sync();
  }

  StateLog log() {
    return log;
  }

  /** Has all that is closed begin its upload at once. */
  void hurry() {
    lock.lock();
    try {
      long now = System.nanoTime();
      for (Operation o : queue.snapshot()) {
        if (!o.running && !o.parked && !o.refused && o.failures == 0 && o.notBeforeNanos > now) {
          queue.schedule(o, false, now);
        }
      }
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** When an upload that becomes ready now may start. */
  long quietUntil() {
    return System.nanoTime() + (hurries > 0 ? 0 : options.quiet().toNanos());
  }

  String blobName(String name) {
    return options.prefix() + name;
  }

  /**
   * Wakes a coordinator where none will look by the time the next operation is due. One wakes, and
   * wakes the next if more than one is. Most changes queue what is due in some seconds: to wake
   * somebody for each of them would cost more than the change.
   */
  void wakeForWork() {
    if (queue.nextNanos() < alarmNanos) {
      work.signal();
    }
  }

  /** Wakes all coordinators, whatever is due. */
  void wakeAll() {
    work.signalAll();
  }

  /** Waits until there may be work, or the time is over; the caller looks, and waits again. */
  @SuppressWarnings("WaitNotInLoop")
  void awaitWork(long nanos) {
    long until = System.nanoTime() + nanos;
    alarmNanos = Math.min(alarmNanos, until);
    try {
      work.awaitNanos(nanos);
    } catch (InterruptedException e) {
      LOG.debug("nobody interrupts these threads", e);
    } finally {
      if (alarmNanos == until) {
        // Who waits longer is woken once too often rather than too late.
        alarmNanos = Long.MAX_VALUE;
      }
    }
  }

  /** Figures for status. Guarded by {@link #lock}. */
  static final class Counters {
    long uploadedBytes;
    String lastError = "";
  }
}
