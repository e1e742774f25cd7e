package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.BitSet;

/**
 * The MD5 of a file whose ranges arrive in any order: each is read back when its turn comes, mostly
 * from the page cache. Workers tell what arrived; the coordinator computes.
 */
final class OrderedMd5 {
  private static final long POLL_MILLIS = 200;

  private final ContentMd5 md5;
  private final BlockPlan plan;
  private final FileChannel file;
  private final BitSet there = new BitSet();
  private int next;

  OrderedMd5(ContentMd5 md5, BlockPlan plan, FileChannel file) {
    this.md5 = md5;
    this.plan = plan;
    this.file = file;
  }

  /** A range is in the file. */
  synchronized void arrived(int index) {
    there.set(index);
    notifyAll();
  }

  /** Takes one range where it has arrived. */
  void advance() throws IOException {
    synchronized (this) {
      if (!there.get(next)) {
        return;
      }
    }
    md5.add(file, plan.offset(next), plan.size(next));
    next++;
  }

  /** Takes the others as they arrive, or until one fails. */
  void rest(UnitGroup ranges) throws IOException {
    while (next < plan.count() && awaitNext(ranges)) {
      advance();
    }
  }

  private synchronized boolean awaitNext(UnitGroup ranges) {
    try {
      while (!there.get(next)) {
        if (ranges.isStopped()) {
          return false;
        }
        wait(POLL_MILLIS);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ranges.cancel();
      return false;
    }
  }
}
