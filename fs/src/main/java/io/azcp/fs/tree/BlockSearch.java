package io.azcp.fs.tree;

import io.azcp.fs.tree.ListingHead.Moment;
import java.util.Map;

/**
 * Finds one name in the blocks of a listing, of which only some first keys are kept as objects, and
 * the names of one block: the one that was looked into for two names in a row, as whoever reads a
 * directory does. Used under the lock of {@link KnownNames}.
 */
final class BlockSearch {
  /** First keys of blocks that are kept: enough to find any of a million names by one look. */
  private static final int MOST_KEYS = 20_000;

  /** The key comes before all blocks. */
  private static final int NONE = -1;

  /** A block is gone. */
  private static final int LOST = -2;

  private static final Hit NOTHING = new Hit(null, null);

  private final KnownNames names;
  private final Map<BlockId, String> firstKeys = KnownNames.newest(MOST_KEYS);
  private NearBlock near;
  private BlockId last;

  private record BlockId(long generation, int number) {}

  /**
   * What was found of a key.
   *
   * @param item null for nothing
   * @param when its page was asked for
   */
  record Hit(ListedItem item, Moment when) {}

  BlockSearch(KnownNames names) {
    this.names = names;
  }

  /** Looks a key up; null where the listing lost a block. */
  Hit find(String directory, ListingHead head, String key) {
    if (near != null && near.covers(head, key)) {
      ListedItem item = near.at(key);
      return item == null ? NOTHING : new Hit(item, near.when());
    }
    int number = blockOf(directory, head, key);
    if (number == NONE) {
      return NOTHING;
    }
    NameBlockReader block = number == LOST ? null : names.block(directory, head, number);
    if (block == null) {
      return null;
    }
    Hit hit = block.seek(Paths.bytes(key)) ? new Hit(block.item(), block.when()) : NOTHING;
    if (hit.item() != null) {
      remember(directory, head, number);
    }
    return hit;
  }

  /** Where the name before was found in the same block, those after it will be, too. */
  private void remember(String directory, ListingHead head, int number) {
    BlockId id = new BlockId(head.generation(), number);
    boolean again = id.equals(last);
    last = id;
    // The last block of a listing that grows has no end yet.
    if (again && number + 1 < head.blocks()) {
      String first = firstKey(directory, head, number);
      String next = firstKey(directory, head, number + 1);
      NameBlockReader block = names.block(directory, head, number);
      near =
          first == null || next == null || block == null ? near : new NearBlock(block, first, next);
    }
  }

  /** Forgets the names that are kept. */
  void forget() {
    near = null;
    last = null;
  }

  /** The block that a key belongs into; {@link #NONE} or {@link #LOST}. */
  private int blockOf(String directory, ListingHead head, String key) {
    int low = 0;
    int high = head.blocks() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      String first = firstKey(directory, head, middle);
      if (first == null) {
        return LOST;
      }
      if (first.compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? NONE : high;
  }

  private String firstKey(String directory, ListingHead head, int number) {
    BlockId id = new BlockId(head.generation(), number);
    String first = firstKeys.get(id);
    if (first == null) {
      NameBlockReader block = names.block(directory, head, number);
      if (block == null || !block.next()) {
        return null;
      }
      first = block.key();
      firstKeys.put(id, first);
    }
    return first;
  }
}
