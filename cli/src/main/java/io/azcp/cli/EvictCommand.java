package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.fs.mount.PathRequests;
import io.azcp.fs.mount.control.Message;
import java.util.ArrayList;
import java.util.List;

/** Drops files from the cache. */
final class EvictCommand extends PathCommand {
  final Value<List<String>> paths =
      arguments.parameters(1, "PATH", "A file, or a directory with all below it.");

  final Value<Boolean> force =
      arguments.flag("--force").says("Drop pinned files too; they stay pinned.");

  EvictCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("evict", "clear-cache", "clear_cache")
        .description(
            "Drops from the cache what lies at a path, whole or partial.",
            "What any process has open, what is not uploaded yet and what is pinned stays, and is named.");
  }

  @Override
  public Integer call() throws Exception {
    long files = 0;
    long bytes = 0;
    long keptFiles = 0;
    List<Message> kept = new ArrayList<>();
    PathRequests requests = requests();
    for (String path : paths.get()) {
      Message freed = requests.evict(path, force.get());
      files += freed.number("files");
      bytes += freed.number("bytes");
      keptFiles += freed.number("keptFiles");
      kept.addAll(freed.objects("kept"));
    }
    out().println("Evicted: " + HumanText.count(files, "file") + ", " + HumanText.bytes(bytes));
    if (keptFiles > 0) {
      out().println("  Kept: " + HumanText.count(keptFiles, "file"));
      for (Message file : kept) {
        out().println("  " + file.text("path") + ": " + file.text("why"));
      }
    }
    return ExitCode.DONE;
  }
}
