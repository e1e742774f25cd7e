package io.azcp.cluster;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the shards of one owner into broadcasts, one after the other, so that every rank computes
 * the same ones. Large shards are cut at multiples of a broadcast's size; small ones are packed,
 * for a broadcast costs much more than a file. Used by one thread.
 */
final class Chunks {
  /** Files in one broadcast at most: a bit of each goes along. */
  static final int MOST_PIECES = 4096;

  /** Bytes from which on a part begins at a block, so that it can go around the page cache. */
  static final int ALIGNED_FROM = 1 << 20;

  /** Bytes of a block of a disk. */
  static final int ALIGNMENT = 4096;

  private final Shards shards;
  private final int owner;
  private final int[] own;
  private final int size;
  private int next;
  private long offset;

  /**
   * The broadcasts of an owner.
   *
   * @param own the numbers of its shards
   * @param size bytes of a broadcast at most
   */
  Chunks(Shards shards, int owner, int[] own, int size) {
    this.shards = shards;
    this.owner = owner;
    this.own = own;
    this.size = size;
  }

  /** How many there are; counts them. */
  static long count(Shards shards, int[] own, int size) {
    var chunks = new Chunks(shards, 0, own, size);
    long count = 0;
    while (chunks.next() != null) {
      count++;
    }
    return count;
  }

  /** The next; null after the last. */
  Chunk next() {
    List<Chunk.Piece> pieces = new ArrayList<>();
    int end = 0;
    while (next < own.length && pieces.size() < MOST_PIECES) {
      int shard = own[next];
      long left = shards.length(shard) - offset;
      int at = left >= ALIGNED_FROM ? (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : end;
      if (!pieces.isEmpty() && left > size - at) {
        break;
      }
      int length = (int) Math.min(left, size - at);
      boolean last = length == left;
      pieces.add(new Chunk.Piece(shard, shards.offset(shard) + offset, length, at, last));
      end = at + length;
      offset = last ? 0 : offset + length;
      next += last ? 1 : 0;
    }
    return pieces.isEmpty() ? null : new Chunk(owner, pieces, end);
  }
}
