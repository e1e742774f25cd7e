package io.azcp.cli;

import java.io.IOException;

/** Breaks a blob's lease. */
final class BreakCommand extends PlaceCommand {
  private final Value<String> target = arguments.parameter("PATH|URL", "A file or a blob.");

  BreakCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("break")
        .description("Breaks the lease of a blob at once, so that it can be changed again.");
  }

  @Override
  public Integer call() throws IOException {
    try (BlobPlace place = blob(target.get())) {
      place.opened().service().breakLease(place.container(), place.name());
      told(place, "unleased", "No lease: " + place.shown());
    }
    return ExitCode.DONE;
  }
}
