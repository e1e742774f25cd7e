package io.azcp.cli;

import io.azcp.base.ByteSize;
import io.azcp.base.Rate;
import io.azcp.base.UsageException;
import io.azcp.transfer.engine.BlockPlan;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.limit.RequestLimits;
import java.math.BigDecimal;

/** How much of the machine, the network and the account a transfer takes. */
final class SpeedFlags extends Flags {
  /** Each is a thread and up to a megabyte of buffers. */
  private static final int MOST_CONNECTIONS = 4096;

  private static final BigDecimal MIB = BigDecimal.valueOf(1 << 20);

  private final Value<String> blockSize =
      arguments
          .text("--block-size")
          .label("SIZE")
          .says("Size of the ranges that large files are cut into (default 4MiB).");

  private final Value<BigDecimal> blockSizeMb =
      arguments
          .value(BigDecimal.class, "--block-size-mb")
          .label("N")
          .says("The same in MiB, as AzCopy has it; fractions are allowed.");

  private final Value<Integer> concurrency =
      arguments
          .value(Integer.class, "--concurrency")
          .label("N")
          .says(
              "Requests under way at once at most; begins with 8, and more where that pays (default 64;"
                  + " AZCOPY_CONCURRENCY_VALUE).");

  private final Value<Integer> parallelFiles =
      arguments
          .value(Integer.class, "--parallel-files")
          .label("N")
          .says("Large files moved at once (default 16; AZCP_PARALLEL_FILES).");

  private final Value<Integer> workers =
      arguments
          .value(Integer.class, "--workers")
          .label("N")
          .says(
              "Groups of connections; --concurrency and --parallel-files count for each (default 1).");

  private final Value<String> maxBandwidth =
      arguments
          .text("--max-bandwidth")
          .label("RATE")
          .says("What all transfers together take at most, as 500MiB/s or 2Gbps.");

  private final Value<BigDecimal> capMbps =
      arguments
          .value(BigDecimal.class, "--cap-mbps")
          .label("N")
          .says("The same in megabits a second, as AzCopy has it; 0 for no limit.");

  private final Value<Integer> maxRequests =
      arguments
          .value(Integer.class, "--max-requests")
          .label("N")
          .says("Requests a second at most.");

  SpeedFlags(Arguments arguments) {
    super(arguments);
  }

  /** Adds what was said. */
  void apply(TransferOptions.Builder options, Invocation invocation) throws UsageException {
    int requests =
        positive(
            "--concurrency",
            concurrency.get(),
            invocation,
            "AZCOPY_CONCURRENCY_VALUE",
            TransferOptions.DEFAULT_CONCURRENCY);
    int groups = workers.get() == null ? 1 : positive("--workers", workers.get());
    int rate = maxRequests.get() == null ? 0 : positive("--max-requests", maxRequests.get());
    options
        .blockSize(block())
        .concurrency(requests)
        .workers(groups)
        .limits(RequestLimits.of(product(requests, groups), bandwidth(), rate))
        .parallelFiles(
            positive(
                "--parallel-files",
                parallelFiles.get(),
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
    if (capMbps.get() != null && !maxBandwidth.get().isEmpty()) {
      throw new UsageException("--max-bandwidth and --cap-mbps contradict each other");
    }
    if (capMbps.get() == null) {
      return maxBandwidth.get().isEmpty() ? null : Rate.parse(maxBandwidth.get());
    }
    return capMbps.get().signum() == 0 ? null : Rate.parse(capMbps.get().toPlainString() + "Mbps");
  }

  private long block() throws UsageException {
    if (blockSizeMb.get() != null && !blockSize.get().isEmpty()) {
      throw new UsageException("--block-size and --block-size-mb contradict each other");
    }
    if (blockSizeMb.get() != null) {
      BigDecimal bytes = blockSizeMb.get().multiply(MIB);
      boolean fits = bytes.compareTo(BigDecimal.valueOf(BlockPlan.MAX_BLOCK_SIZE)) <= 0;
      return inRange("--block-size-mb", fits ? bytes.longValue() : -1);
    }
    return blockSize.get().isEmpty()
        ? BlockPlan.DEFAULT_BLOCK_SIZE
        : inRange("--block-size", ByteSize.parse(blockSize.get()).bytes());
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
