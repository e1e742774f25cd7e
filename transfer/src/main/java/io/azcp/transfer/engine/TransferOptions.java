package io.azcp.transfer.engine;

/**
 * How a transfer is done.
 *
 * @param recursive whether directories are moved
 * @param overwrite whether what lies at the destination is replaced
 * @param dryRun whether it is only told what would be moved
 * @param blockSize bytes of a range
 * @param concurrency requests under way at once
 * @param parallelFiles files cut into ranges at once
 */
public record TransferOptions(
    boolean recursive,
    boolean overwrite,
    boolean dryRun,
    long blockSize,
    int concurrency,
    int parallelFiles) {
  /** Files cut into ranges at once unless asked otherwise. */
  public static final int DEFAULT_PARALLEL_FILES = 16;

  private static final int MAX_CONCURRENCY = 64;
  private static final int CONNECTIONS_PER_CORE = 8;

  /**
   * Requests at once unless asked otherwise. More than eight connections a core only make the
   * threads fight for it, and 64 saturate what one machine gets from one account.
   */
  public static int defaultConcurrency() {
    int cores = Runtime.getRuntime().availableProcessors();
    return Math.min(MAX_CONCURRENCY, CONNECTIONS_PER_CORE * cores);
  }

  /** One file, replaced where it exists. */
  public static TransferOptions defaults() {
    return new TransferOptions(
        false,
        true,
        false,
        BlockPlan.DEFAULT_BLOCK_SIZE,
        defaultConcurrency(),
        DEFAULT_PARALLEL_FILES);
  }

  /** The same for directories. */
  public TransferOptions withRecursive(boolean value) {
    return new TransferOptions(value, overwrite, dryRun, blockSize, concurrency, parallelFiles);
  }

  /** The same with or without replacing. */
  public TransferOptions withOverwrite(boolean value) {
    return new TransferOptions(recursive, value, dryRun, blockSize, concurrency, parallelFiles);
  }

  /** The same, telling only. */
  public TransferOptions withDryRun(boolean value) {
    return new TransferOptions(recursive, overwrite, value, blockSize, concurrency, parallelFiles);
  }

  /** The same with another block size. */
  public TransferOptions withBlockSize(long value) {
    return new TransferOptions(recursive, overwrite, dryRun, value, concurrency, parallelFiles);
  }

  /** The same with other limits. */
  public TransferOptions withLimits(int requests, int files) {
    return new TransferOptions(recursive, overwrite, dryRun, blockSize, requests, files);
  }
}
