package io.azcp.cli;

import java.io.IOException;

/** Moves a blob to another tier. */
final class TierCommand extends Tiering {
  private final Value<String> target = arguments.parameter("PATH|URL", "A file or a blob.");

  private final Value<String> tier =
      arguments.parameter(String.class, new ForTier(), "TIER", "${COMPLETION-CANDIDATES}.");

  TierCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("tier")
        .description(
            "Moves a blob to another access tier, or begins to bring it back from Archive.");
  }

  @Override
  public Integer call() throws IOException {
    move(target.get(), tier.get());
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
