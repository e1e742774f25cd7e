package io.azcp.cluster;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * How a broadcast lies in its buffer: a block that tells which parts could not be had and what the
 * checksum of the rest is, then the parts, which so begin at a block of the disk.
 */
final class Frame {
  /** Bytes before the parts; room for a bit of each of {@link Chunks#MOST_PIECES}. */
  static final int HEADER = Chunks.ALIGNMENT;

  private static final int SUM = 0;
  private static final int LENGTH = 8;
  private static final int FAILED = 16;

  private Frame() {}

  /** Bytes that a chunk takes in all. */
  static int length(Chunk chunk) {
    return HEADER + chunk.bytes();
  }

  /** Completes the block before the parts. */
  static void seal(ByteBuffer buffer, Chunk chunk, BitSet failed) {
    for (int i = 0; i < (Chunks.MOST_PIECES + 7) / 8; i++) {
      buffer.put(FAILED + i, (byte) 0);
    }
    byte[] bits = failed.toByteArray();
    for (int i = 0; i < bits.length; i++) {
      buffer.put(FAILED + i, bits[i]);
    }
    buffer.putInt(LENGTH, chunk.bytes());
    buffer.putLong(SUM, sum(buffer, chunk));
  }

  /** Whether the bytes are those that were sent. */
  static boolean isSound(ByteBuffer buffer, Chunk chunk) {
    return buffer.getInt(LENGTH) == chunk.bytes() && buffer.getLong(SUM) == sum(buffer, chunk);
  }

  private static long sum(ByteBuffer buffer, Chunk chunk) {
    var sum = new CRC32C();
    sum.update(buffer.duplicate().limit(length(chunk)).position(LENGTH));
    return sum.getValue();
  }

  /** Whether a part could not be had. */
  static boolean isFailed(ByteBuffer buffer, int piece) {
    return (buffer.get(FAILED + piece / 8) & (1 << piece % 8)) != 0;
  }

  /** The bytes of a part. */
  static ByteBuffer part(ByteBuffer buffer, Chunk.Piece piece) {
    int at = HEADER + piece.at();
    ByteBuffer part = buffer.duplicate().clear();
    return part.position(at).limit(at + piece.length());
  }
}
