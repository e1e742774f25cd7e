package io.azcp.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Moves a blob to another tier. */
@CommandLine.Command(
    name = "tier",
    description = "Moves a blob to another access tier, or begins to bring it back from Archive.")
final class TierCommand extends Tiering {
  @Parameters(index = "0", paramLabel = "PATH|URL", description = "A file or a blob.")
  private String target;

  @Parameters(
      index = "1",
      paramLabel = "TIER",
      converter = ForTier.class,
      completionCandidates = ForTier.class,
      description = "${COMPLETION-CANDIDATES}.")
  private String tier;

  TierCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    move(target, tier);
    return ExitCode.DONE;
  }

  /** The tiers of block blobs. */
  static final class ForTier extends Words<String> {
    ForTier() {
      super(null);
      for (String tier : new String[] {"Hot", "Cool", "Cold", "Archive"}) {
        word(tier, tier);
      }
    }
  }
}
