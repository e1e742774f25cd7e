package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.BlockPlan;
import io.azcp.transfer.engine.TransferOptions;
import picocli.CommandLine.Option;

/** The options of commands that move data. */
final class CopyOptions {
  @Option(
      names = {"-r", "--recursive"},
      description = "Copy directories with what they hold.")
  private boolean recursive;

  @Option(
      names = "--overwrite",
      arity = "1",
      paramLabel = "true|false",
      description = "Whether files that exist at the destination are replaced (default true).")
  private Boolean overwrite;

  @Option(names = "--no-overwrite", description = "The same as --overwrite false.")
  private boolean noOverwrite;

  @Option(names = "--dry-run", description = "Tell what would be copied, and copy nothing.")
  boolean dryRun;

  @Option(
      names = "--progress",
      negatable = true,
      description = "Show a progress line on stderr, or none (default: on a terminal).")
  private Boolean progress;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      description = "Size of the ranges that large files are cut into (default 4MiB).")
  private String blockSize;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Requests under way at once (default 8 a core, 64 at most).")
  private Integer concurrency;

  @Option(
      names = "--parallel-files",
      paramLabel = "N",
      description = "Large files moved at once (default 16).")
  private int parallelFiles = TransferOptions.DEFAULT_PARALLEL_FILES;

  private CopyOptions() {}

  /** What the engine is told. */
  TransferOptions chosen() throws UsageException {
    if (Boolean.TRUE.equals(overwrite) && noOverwrite) {
      throw new UsageException("--overwrite true and --no-overwrite contradict each other");
    }
    int requests = concurrency == null ? TransferOptions.defaultConcurrency() : concurrency;
    return TransferOptions.defaults()
        .withRecursive(recursive)
        .withOverwrite(!noOverwrite && !Boolean.FALSE.equals(overwrite))
        .withDryRun(dryRun)
        .withBlockSize(block())
        .withLimits(
            positive("--concurrency", requests), positive("--parallel-files", parallelFiles));
  }

  private long block() throws UsageException {
    if (blockSize == null) {
      return BlockPlan.DEFAULT_BLOCK_SIZE;
    }
    long bytes = ByteSize.parse(blockSize).bytes();
    if (bytes < 1 || bytes > BlockPlan.MAX_BLOCK_SIZE) {
      throw new UsageException("--block-size must be between 1 byte and 4000MiB");
    }
    return bytes;
  }

  private static int positive(String option, int value) throws UsageException {
    if (value < 1) {
      throw new UsageException(option + " must be at least 1, not " + value);
    }
    return value;
  }

  /** Whether a progress line is shown. */
  boolean showsProgress(Invocation invocation) {
    return !dryRun && (progress == null ? invocation.terminal() : progress);
  }
}
