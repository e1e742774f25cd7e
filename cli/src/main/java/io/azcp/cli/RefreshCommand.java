package io.azcp.cli;

import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Makes a mount ask the service again. */
@CommandLine.Command(
    name = "refresh",
    description = "Makes a running mount ask the service again for what lies at a path.")
final class RefreshCommand extends PathCommand {
  @Parameters(paramLabel = "PATH", description = "A file, or a directory with all below it.")
  String path;

  RefreshCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    out()
        .println(
            requests().refresh(path)
                ? "Refreshed: " + path
                : "Nothing to do: " + path + " is not mounted, so nothing of it is remembered");
    return ExitCode.DONE;
  }
}
