package io.azcp.fs.writeback;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends what is closed below a prefix at once, and waits for it. */
final class Flush {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Looking through what is pending takes at most one part in so many of the time. */
  private static final long LOOK_SHARE = 10;

  private final Ledger ledger;
  private final String prefix;
  private final boolean open;

  /**
   * A flush.
   *
   * @param open whether what somebody is still writing is waited for
   */
  Flush(Ledger ledger, String prefix, boolean open) {
    this.ledger = ledger;
    this.prefix = prefix;
    this.open = open;
  }

  /** Answers whether nothing is left and nothing failed. */
  boolean run(long timeoutNanos) throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    ledger.lock.lockInterruptibly();
    try {
      ledger.hurries++;
      long began = System.nanoTime();
      List<Operation> matching = matching();
      long rest = LOOK_SHARE * (System.nanoTime() - began);
      matching.forEach(this::hurry);
      ledger.wakeForWork();
      while (!matching.isEmpty() && !matching.stream().allMatch(o -> o.refused)) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        ledger.progress.awaitNanos(Math.min(left, POLL_NANOS));
        for (long pause = rest; pause > 0; ) {
          pause = ledger.progress.awaitNanos(pause);
        }
        matching = matching();
      }
      return matching.isEmpty();
    } finally {
      ledger.hurries--;
      ledger.lock.unlock();
    }
  }

  private void hurry(Operation operation) {
    operation.refused = false;
    if (!operation.running && !operation.parked) {
      ledger.queue.schedule(operation, false, System.nanoTime());
    }
  }

  /** What is queued below the prefix and, unless asked for, does not wait for a file's close. */
  private List<Operation> matching() {
    return ledger.queue.all().stream()
        .filter(o -> below(o.name, prefix) || below(o.from, prefix) || below(o.entry.name, prefix))
        .filter(o -> open || (!o.parked && !waitsForWriter(o.after)))
        .toList();
  }

  private static boolean waitsForWriter(Entry after) {
    Operation upload = after == null || after.local == null ? null : after.local.upload();
    return upload != null && upload.parked;
  }

  /** Whether a name is the prefix or below it; everything is below the empty one. */
  static boolean below(String name, String prefix) {
    return prefix.isEmpty()
        || name.equals(prefix)
        || (name.startsWith(prefix) && name.charAt(prefix.length()) == '/');
  }
}
