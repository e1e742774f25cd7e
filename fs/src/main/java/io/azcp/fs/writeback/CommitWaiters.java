package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import java.util.ArrayList;
import java.util.List;

/** Who waits for the commit of what he closed. Guarded by the ledger's lock. */
final class CommitWaiters {
  private final FsyncQueue fsyncs;
  private final List<Waiter> waiting = new ArrayList<>();

  /** Somebody who waits for the commit, and until when. */
  record Waiter(LocalFile.Done done, long deadlineNanos) {}

  CommitWaiters(FsyncQueue fsyncs) {
    this.fsyncs = fsyncs;
  }

  boolean any() {
    return !waiting.isEmpty();
  }

  void add(LocalFile.Done done, long deadlineNanos) {
    waiting.add(new Waiter(done, deadlineNanos));
  }

  /** Nobody answers him any more. */
  void remove(LocalFile.Done done) {
    waiting.removeIf(w -> w.done() == done);
  }

  /** Who waits now. */
  List<Waiter> now() {
    return List.copyOf(waiting);
  }

  /** Answers some of those who wait, on another thread, because ours holds the lock. */
  void answer(List<Waiter> some, AzcpException failure) {
    for (Waiter w : some) {
      if (waiting.remove(w)) {
        fsyncs.answer(w.done(), failure);
      }
    }
  }

  /** Answers those who have waited too long. */
  void answerOverdue(AzcpException failure) {
    long now = System.nanoTime();
    answer(waiting.stream().filter(w -> w.deadlineNanos() - now <= 0).toList(), failure);
  }
}
