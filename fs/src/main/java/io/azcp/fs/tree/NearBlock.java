package io.azcp.fs.tree;

import io.azcp.fs.tree.ListingHead.Moment;
import java.util.HashMap;
import java.util.Map;

/**
 * A block of names that was looked into twice in a row, as whoever reads a directory does: its
 * names as objects, found without another look at the index. Immutable.
 */
final class NearBlock {
  private final long generation;
  private final String first;
  private final String next;
  private final Moment when;
  private final Map<String, ListedItem> items = new HashMap<>();

  /**
   * A block's names.
   *
   * @param first its first key
   * @param next the first key of the block behind it
   */
  NearBlock(NameBlockReader block, String first, String next) {
    this.generation = block.generation();
    this.first = first;
    this.next = next;
    this.when = block.when();
    block.items().forEach(item -> items.put(item.key(), item));
  }

  /** Whether a key is here if it is anywhere in a listing. */
  boolean covers(ListingHead head, String key) {
    return generation == head.generation() && first.compareTo(key) <= 0 && key.compareTo(next) < 0;
  }

  /** The item of a key; null for none. */
  ListedItem at(String key) {
    return items.get(key);
  }

  /** When its page was asked for. */
  Moment when() {
    return when;
  }
}
