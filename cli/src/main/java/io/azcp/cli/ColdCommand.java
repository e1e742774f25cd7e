package io.azcp.cli;

import java.io.IOException;
import java.util.List;

/** Moves blobs to the tier Cold. */
final class ColdCommand extends Tiering {
  private final Value<List<String>> targets =
      arguments.parameters(1, "PATH|URL", "A file or a blob.");

  ColdCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("cold").description("Moves blobs to the access tier Cold.");
  }

  @Override
  public Integer call() throws IOException {
    for (String target : targets.get()) {
      move(target, "Cold");
    }
    return ExitCode.DONE;
  }
}
