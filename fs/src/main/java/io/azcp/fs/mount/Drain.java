package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.mount.control.Message;
import io.azcp.fs.writeback.Writeback;
import io.azcp.fs.writeback.Writeback.Conflict;
import io.azcp.fs.writeback.Writeback.Pending;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Waits until what is pending has been uploaded, telling how far it is. Gives up when uploads fail
 * and nothing moves for a while: what is left stays in the journal and is sent by the next mount,
 * or by a flush.
 */
final class Drain {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final List<Writeback> rules;
  private final String prefix;
  private final boolean open;

  /** All that is closed of these rules, or of one rule the names equal to a prefix or below it. */
  Drain(List<Writeback> rules, String prefix) {
    this(rules, prefix, false);
  }

  /** The same, or also what is still being written, once it is closed. */
  Drain(List<Writeback> rules, String prefix, boolean open) {
    this.rules = List.copyOf(rules);
    this.prefix = prefix;
    this.open = open;
  }

  /** How far it is. */
  @FunctionalInterface
  interface Watcher {
    /** Nobody watches. */
    Watcher NONE = left -> {};

    /** What is left; an exception ends the wait, not the uploads. */
    void left(Message left) throws IOException;
  }

  /**
   * Waits.
   *
   * @param limit how long at most
   * @param stall how long without any progress once something has failed; a long upload shows none
   * @return what is left, with {@code conflicts} that were not told before, and {@code complete}
   *     where there is neither
   */
  Message await(Duration limit, Duration stall, Watcher watcher) throws IOException {
    long start = System.nanoTime();
    long moved = start;
    String last = "";
    while (true) {
      long slice = SLICE_NANOS / Math.max(1, rules.size());
      boolean complete = flushAll(Math.min(slice, left(start, limit)));
      Message state = state();
      watcher.left(state);
      long now = System.nanoTime();
      if (!state.json().equals(last)) {
        last = state.json();
        moved = now;
      }
      boolean stalled = now - moved >= stall.toNanos() && !state.text("lastError").isEmpty();
      if (complete || stalled || now - start >= limit.toNanos() || onlyRefused()) {
        return told(state, complete);
      }
    }
  }

  private Message told(Message state, boolean complete) {
    List<Conflict> conflicts = new ArrayList<>();
    rules.forEach(r -> conflicts.addAll(r.untoldConflicts(prefix)));
    return state
        .with("complete", complete && conflicts.isEmpty())
        .with("conflicts", Conflicts.messages(conflicts));
  }

  private static long left(long start, Duration limit) {
    return Math.max(1, limit.toNanos() - (System.nanoTime() - start));
  }

  private boolean flushAll(long nanos) throws IOException {
    boolean complete = true;
    try {
      for (Writeback rule : rules) {
        complete &= rule.flush(prefix, open, nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while uploads were waited for", e);
    }
    return complete;
  }

  /** Whether all that is left was refused for good, so that waiting cannot help. */
  private boolean onlyRefused() {
    return !open
        && rules.stream()
            .map(Writeback::pending)
            .allMatch(p -> p.operations() <= p.failed() && (p.operations() > 0 || p.files() == 0));
  }

  /** What is pending in all. */
  Message state() {
    long files = 0;
    long bytes = 0;
    long operations = 0;
    long failed = 0;
    long leased = 0;
    long uploaded = 0;
    String error = "";
    for (Writeback rule : rules) {
      Pending p = rule.pending();
      files += p.files();
      bytes += p.bytes();
      operations += p.operations();
      failed += p.failed();
      leased += p.leased();
      uploaded += p.uploadedBytes();
      error = p.lastError().isEmpty() ? error : p.lastError();
    }
    return Message.empty()
        .with("files", files)
        .with("bytes", bytes)
        .with("operations", operations)
        .with("failed", failed)
        .with("leased", leased)
        .with("uploadedBytes", uploaded)
        .with("lastError", error);
  }
}
