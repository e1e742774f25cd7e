package io.azcp.cli;

/** Shows pictures. */
final class DisplayCommand extends ShowCommand {
  DisplayCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global, "display");
    command("display")
        .description("Fetches pictures whole and shows them with ImageMagick's display.");
  }
}
