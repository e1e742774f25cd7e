package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.fs.mount.PathRequests;
import java.util.List;

/** Lets go of what was pinned in the cache. */
final class UnpinCommand extends PathCommand {
  final Value<List<String>> paths =
      arguments.parameters(1, "PATH", "A file, or a directory with all below it.");

  UnpinCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("unpin")
        .description(
            "Lets go of what 'prepare --pin' keeps in the cache; nothing is dropped by that.");
  }

  @Override
  public Integer call() throws Exception {
    long files = 0;
    PathRequests requests = requests();
    for (String path : paths.get()) {
      files += requests.unpin(path);
    }
    out().println("Unpinned: " + HumanText.count(files, "file"));
    return ExitCode.DONE;
  }
}
