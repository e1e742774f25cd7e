package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.TransferOptions;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of all commands that move data. */
final class TransferFlags {
  @Option(
      names = {"-r", "--recursive"},
      arity = "0..1",
      description = "Directories with what they hold.")
  private boolean recursive;

  @Option(
      names = "--overwrite",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "WORD",
      converter = Words.ForOverwrite.class,
      completionCandidates = Words.ForOverwrite.class,
      description =
          "What happens to files that are there: ${COMPLETION-CANDIDATES} (default true).")
  private Overwrite overwrite;

  @Option(names = "--no-overwrite", arity = "0..1", description = "As --overwrite false.")
  private boolean noOverwrite;

  @ArgGroup(validate = false, heading = "%nSpeed:%n")
  final SpeedFlags speed = new SpeedFlags();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  final DisplayFlags display = new DisplayFlags();

  private TransferFlags() {}

  /** What the engine is told. */
  TransferOptions.Builder chosen(Invocation invocation) throws UsageException {
    TransferOptions.Builder options =
        TransferOptions.builder()
            .recursive(recursive)
            .overwrite(overwrite())
            .dryRun(display.dryRun());
    speed.apply(options, invocation);
    return options;
  }

  private Overwrite overwrite() throws UsageException {
    if (noOverwrite && overwrite != null && overwrite != Overwrite.FALSE) {
      throw new UsageException("--overwrite and --no-overwrite contradict each other");
    }
    if (overwrite != null) {
      return overwrite;
    }
    return noOverwrite ? Overwrite.FALSE : Overwrite.TRUE;
  }
}
