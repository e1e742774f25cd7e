package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.Rate;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.BlockPlan;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.limit.RequestLimits;
import java.math.BigDecimal;
import picocli.CommandLine.Option;

/** How much of the machine, the network and the account a transfer takes. */
final class SpeedFlags {
  /** Each is a thread and up to a megabyte of buffers. */
  private static final int MOST_CONNECTIONS = 4096;

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
          "Requests under way at once at most; begins with 8, and more where that pays (default 64;"
              + " AZCOPY_CONCURRENCY_VALUE).")
  private Integer concurrency;

  @Option(
      names = "--parallel-files",
      paramLabel = "N",
      description = "Large files moved at once (default 16; AZCP_PARALLEL_FILES).")
  private Integer parallelFiles;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Groups of connections; --concurrency and --parallel-files count for each (default 1).")
  private Integer workers;

  @Option(
      names = "--max-bandwidth",
      paramLabel = "RATE",
      description = "What all transfers together take at most, as 500MiB/s or 2Gbps.")
  private String maxBandwidth = "";

  @Option(
      names = "--cap-mbps",
      paramLabel = "N",
      description = "The same in megabits a second, as AzCopy has it; 0 for no limit.")
  private BigDecimal capMbps;

  @Option(names = "--max-requests", paramLabel = "N", description = "Requests a second at most.")
  private Integer maxRequests;

  /** Adds what was said. */
  void apply(TransferOptions.Builder options, Invocation invocation) throws UsageException {
    int requests =
        positive(
            "--concurrency",
            concurrency,
            invocation,
            "AZCOPY_CONCURRENCY_VALUE",
            TransferOptions.DEFAULT_CONCURRENCY);
    int groups = workers == null ? 1 : positive("--workers", workers);
    int rate = maxRequests == null ? 0 : positive("--max-requests", maxRequests);
    options
        .blockSize(block())
        .concurrency(requests)
        .workers(groups)
        .limits(RequestLimits.of(product(requests, groups), bandwidth(), rate))
        .parallelFiles(
            positive(
                "--parallel-files",
                parallelFiles,
                invocation,
                "AZCP_PARALLEL_FILES",
                TransferOptions.DEFAULT_PARALLEL_FILES));
  }

  private static int product(int requests, int groups) throws UsageException {
    long product = (long) requests * groups;
    if (product > MOST_CONNECTIONS) {
      throw new UsageException(
          "--concurrency times --workers must be at most " + MOST_CONNECTIONS + ", not " + product);
    }
    return (int) product;
  }

  private Rate bandwidth() throws UsageException {
    if (capMbps != null && !maxBandwidth.isEmpty()) {
      throw new UsageException("--max-bandwidth and --cap-mbps contradict each other");
    }
    if (capMbps == null) {
      return maxBandwidth.isEmpty() ? null : Rate.parse(maxBandwidth);
    }
    return capMbps.signum() == 0 ? null : Rate.parse(capMbps.toPlainString() + "Mbps");
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
