package io.azcp.transfer.engine;

/**
 * How a blob is cut into ranges: all of one size, the last one shorter.
 *
 * @param length bytes of the blob
 * @param blockSize bytes of a range
 */
public record BlockPlan(long length, long blockSize) {
  /** The block size unless asked otherwise. */
  public static final long DEFAULT_BLOCK_SIZE = 4L << 20;

  /** The most blocks a block blob can have (Put Block List). */
  public static final int MAX_BLOCKS = 50_000;

  /** The largest block (Put Block, version 2019-12-12 and later). */
  public static final long MAX_BLOCK_SIZE = 4000L << 20;

  private static final long GRAIN = 1L << 20;

  /** The plan with the wanted block size, or a larger one where it would need too many blocks. */
  public static BlockPlan of(long length, long wanted) {
    long needed = ceil(length, MAX_BLOCKS);
    if (needed <= wanted) {
      return new BlockPlan(length, wanted);
    }
    return new BlockPlan(length, ceil(needed, GRAIN) * GRAIN);
  }

  /** How many ranges there are. */
  public int count() {
    return (int) ceil(length, blockSize);
  }

  /** The first byte of a range. */
  public long offset(int index) {
    return index * blockSize;
  }

  /** The bytes of a range. */
  public long size(int index) {
    return Math.min(blockSize, length - offset(index));
  }

  private static long ceil(long number, long divisor) {
    return (number + divisor - 1) / divisor;
  }
}
