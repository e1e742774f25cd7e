package io.azcp.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Moves blobs to the tier Cold. */
@CommandLine.Command(name = "cold", description = "Moves blobs to the access tier Cold.")
final class ColdCommand extends Tiering {
  @Parameters(arity = "1..*", paramLabel = "PATH|URL", description = "A file or a blob.")
  private List<String> targets;

  ColdCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    for (String target : targets) {
      move(target, "Cold");
    }
    return ExitCode.DONE;
  }
}
