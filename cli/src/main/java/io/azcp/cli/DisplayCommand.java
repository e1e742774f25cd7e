package io.azcp.cli;

import picocli.CommandLine;

/** Shows pictures. */
@CommandLine.Command(
    name = "display",
    description = "Fetches pictures whole and shows them with ImageMagick's display.")
final class DisplayCommand extends ShowCommand {
  DisplayCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global, "display");
  }
}
