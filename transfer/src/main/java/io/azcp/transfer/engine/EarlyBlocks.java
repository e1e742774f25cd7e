package io.azcp.transfer.engine;

import java.util.HashMap;
import java.util.Map;

/**
 * The blocks of one file that were staged under its blob's name while it was still being written,
 * each with the MD5 of what was staged. They are remembered in memory only: whoever does not know
 * them any more sends all blocks. Thread-safe.
 */
public final class EarlyBlocks {
  private final BlockIds ids = BlockIds.random();
  private final Map<Integer, String> sums = new HashMap<>();
  private int next;

  /** The first block that nobody has begun to stage. */
  synchronized int next() {
    return next;
  }

  /** Somebody begins to stage the next block. */
  synchronized int begin() {
    return next++;
  }

  synchronized void staged(int index, String md5) {
    sums.put(index, md5);
  }

  String id(int index) {
    return ids.id(index);
  }

  /** Whether the block was staged, with whatever content. */
  synchronized boolean has(int index) {
    return sums.containsKey(index);
  }

  synchronized boolean holds(int index, String md5) {
    return md5.equals(sums.get(index));
  }

  /** How many blocks are staged. */
  public synchronized int count() {
    return sums.size();
  }
}
