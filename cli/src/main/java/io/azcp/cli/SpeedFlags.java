package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.BlockPlan;
import io.azcp.transfer.engine.TransferOptions;
import java.math.BigDecimal;
import picocli.CommandLine.Option;

/** How much of the machine, the network and the account a transfer takes. */
final class SpeedFlags {
  private static final BigDecimal MIB = BigDecimal.valueOf(1 << 20);

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      description = "Size of the ranges that large files are cut into (default 4MiB).")
  private String blockSize = "";

  @Option(
      names = "--block-size-mb",
      paramLabel = "N",
      description = "The same in MiB, as AzCopy has it; fractions are allowed.")
  private BigDecimal blockSizeMb;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description =
          "Requests under way at once (default 8 a core, 64 at most; AZCOPY_CONCURRENCY_VALUE).")
  private Integer concurrency;

  @Option(
      names = "--parallel-files",
      paramLabel = "N",
      description = "Large files moved at once (default 16; AZCP_PARALLEL_FILES).")
  private Integer parallelFiles;

  /** Adds what was said. */
  void apply(TransferOptions.Builder options, Invocation invocation) throws UsageException {
    options
        .blockSize(block())
        .concurrency(
            positive(
                "--concurrency",
                concurrency,
                invocation,
                "AZCOPY_CONCURRENCY_VALUE",
                TransferOptions.defaultConcurrency()))
        .parallelFiles(
            positive(
                "--parallel-files",
                parallelFiles,
                invocation,
                "AZCP_PARALLEL_FILES",
                TransferOptions.DEFAULT_PARALLEL_FILES));
  }

  private long block() throws UsageException {
    if (blockSizeMb != null && !blockSize.isEmpty()) {
      throw new UsageException("--block-size and --block-size-mb contradict each other");
    }
    if (blockSizeMb != null) {
      BigDecimal bytes = blockSizeMb.multiply(MIB);
      boolean fits = bytes.compareTo(BigDecimal.valueOf(BlockPlan.MAX_BLOCK_SIZE)) <= 0;
      return inRange("--block-size-mb", fits ? bytes.longValue() : -1);
    }
    return blockSize.isEmpty()
        ? BlockPlan.DEFAULT_BLOCK_SIZE
        : inRange("--block-size", ByteSize.parse(blockSize).bytes());
  }

  private static long inRange(String option, long bytes) throws UsageException {
    if (bytes < 1 || bytes > BlockPlan.MAX_BLOCK_SIZE) {
      throw new UsageException(option + " must be between 1 byte and 4000MiB");
    }
    return bytes;
  }

  /** The option, else the variable, else the default. AzCopy's {@code AUTO} is the default. */
  static int positive(
      String option, Integer given, Invocation invocation, String variable, int fallback)
      throws UsageException {
    if (given != null) {
      return positive(option, given);
    }
    String text = invocation.variable(variable).strip();
    if (text.isEmpty() || text.equalsIgnoreCase("auto")) {
      return fallback;
    }
    try {
      return positive(variable, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new UsageException("the variable " + variable + " is '" + text + "', no number", e);
    }
  }

  private static int positive(String option, int value) throws UsageException {
    if (value < 1) {
      throw new UsageException(option + " must be at least 1, not " + value);
    }
    return value;
  }
}
