package io.azcp.cluster;

import java.util.List;

/**
 * What one broadcast brings: parts of shards of one owner, one after the other.
 *
 * @param owner the rank that has it
 * @param pieces the parts, in order
 * @param bytes of all of them and of what lies between
 */
record Chunk(int owner, List<Piece> pieces, int bytes) {
  /**
   * Bytes of one shard, without a gap.
   *
   * @param shard its number
   * @param offset in the file
   * @param length bytes
   * @param at where they lie in the broadcast
   * @param last whether they are the last of the shard
   */
  record Piece(int shard, long offset, int length, int at, boolean last) {}
}
