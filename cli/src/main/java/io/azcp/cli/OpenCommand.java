package io.azcp.cli;

import picocli.CommandLine;

/** Opens files. */
@CommandLine.Command(
    name = "open",
    description = "Fetches files whole and opens them with the desktop's program.")
final class OpenCommand extends ShowCommand {
  OpenCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global, "xdg-open");
  }
}
