package io.azcp.cli;

import io.azcp.base.UsageException;
import picocli.CommandLine.Option;

/** What a command shows while it works. */
final class DisplayFlags {
  /** azfuse's switch for the same. */
  private static final String NO_LOG = "AZFUSE_AZCOPY_NO_LOG";

  @Option(
      names = "--dry-run",
      arity = "0..1",
      description = "Tell what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--progress",
      arity = "0..1",
      description =
          "Show progress on stderr: a line that is drawn over where that is a terminal (default), a"
              + " plain line every 30 s elsewhere.")
  private Boolean progress;

  @Option(names = "--no-progress", arity = "0..1", description = "Show none.")
  private boolean noProgress;

  boolean dryRun() {
    return dryRun;
  }

  /** Whether progress is shown. */
  boolean progress(Invocation invocation) throws UsageException {
    if (noProgress && Boolean.TRUE.equals(progress)) {
      throw new UsageException("--progress and --no-progress contradict each other");
    }
    boolean silenced = noProgress || invocation.isOn("QD_AZCOPY_NO_LOG", NO_LOG);
    boolean wanted = progress == null ? invocation.terminal() && !silenced : progress;
    return wanted && !dryRun;
  }
}
