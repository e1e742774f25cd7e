package io.azcp.cli;

/** Makes a mount ask the service again. */
final class RefreshCommand extends PathCommand {
  final Value<String> path =
      arguments.parameter("PATH", "A file, or a directory with all below it.");

  RefreshCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("refresh")
        .description("Makes a running mount ask the service again for what lies at a path.");
  }

  @Override
  public Integer call() throws Exception {
    out()
        .println(
            requests().refresh(path.get())
                ? "Refreshed: " + path.get()
                : "Nothing to do: "
                    + path.get()
                    + " is not mounted, so nothing of it is remembered");
    return ExitCode.DONE;
  }
}
