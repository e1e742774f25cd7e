package io.azcp.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Breaks a blob's lease. */
@CommandLine.Command(
    name = "break",
    description = "Breaks the lease of a blob at once, so that it can be changed again.")
final class BreakCommand extends PlaceCommand {
  @Parameters(paramLabel = "PATH|URL", description = "A file or a blob.")
  private String target;

  BreakCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target)) {
      place.opened().service().breakLease(place.container(), place.name());
      told(place, "unleased", "No lease: " + place.shown());
    }
    return ExitCode.DONE;
  }
}
