package io.azcp.cli;

import picocli.CommandLine.Option;

/** What a command shows while it works. */
final class DisplayFlags {
  /** azfuse's switch for the same. */
  private static final String NO_LOG = "AZFUSE_AZCOPY_NO_LOG";

  @Option(names = "--dry-run", description = "Tell what would be done, and do nothing.")
  private boolean dryRun;

  @Option(
      names = "--progress",
      negatable = true,
      description =
          "Show progress on stderr, or none: a line that is drawn over where that is a terminal"
              + " (default), a plain line every 30 s elsewhere.")
  private Boolean progress;

  boolean dryRun() {
    return dryRun;
  }

  /** Whether progress is shown. */
  boolean progress(Invocation invocation) {
    boolean silenced = invocation.isOn("QD_AZCOPY_NO_LOG", NO_LOG);
    boolean wanted = progress == null ? invocation.terminal() && !silenced : progress;
    return wanted && !dryRun;
  }
}
