package io.azcp.cli;

/** Opens files. */
final class OpenCommand extends ShowCommand {
  OpenCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global, "xdg-open");
    command("open").description("Fetches files whole and opens them with the desktop's program.");
  }
}
