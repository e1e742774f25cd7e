package io.azcp.cli;

/** What a command shows while it works. */
final class DisplayFlags extends Flags {
  /** azfuse's switch for the same. */
  private static final String NO_LOG = "AZFUSE_AZCOPY_NO_LOG";

  private final Value<Boolean> dryRun =
      arguments.flag("--dry-run").says("Tell what would be done, and do nothing.");

  private final Value<Boolean> progress =
      arguments
          .either("--progress")
          .says(
              "Show progress on stderr, or none: a line that is drawn over where that is a terminal"
                  + " (default), a plain line every 30 s elsewhere.");

  DisplayFlags(Arguments arguments) {
    super(arguments);
  }

  boolean dryRun() {
    return dryRun.get();
  }

  /** Whether progress is shown. */
  boolean progress(Invocation invocation) {
    boolean silenced = invocation.isOn("QD_AZCOPY_NO_LOG", NO_LOG);
    boolean wanted = progress.get() == null ? invocation.terminal() && !silenced : progress.get();
    return wanted && !dryRun.get();
  }
}
