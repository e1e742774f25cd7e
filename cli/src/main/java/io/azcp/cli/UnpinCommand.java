package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.fs.mount.PathRequests;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Lets go of what was pinned in the cache. */
@CommandLine.Command(
    name = "unpin",
    description = "Lets go of what 'prepare --pin' keeps in the cache; nothing is dropped by that.")
final class UnpinCommand extends PathCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "A file, or a directory with all below it.")
  List<String> paths;

  UnpinCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    long files = 0;
    PathRequests requests = requests();
    for (String path : paths) {
      files += requests.unpin(path);
    }
    out().println("Unpinned: " + HumanText.count(files, "file"));
    return ExitCode.DONE;
  }
}
