package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.fs.mount.PathRequests;
import io.azcp.fs.mount.control.Message;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Drops files from the cache. */
@CommandLine.Command(
    name = "evict",
    aliases = {"clear-cache", "clear_cache"},
    description = {
      "Drops from the cache what lies at a path, whole or partial.",
      "What any process has open, what is not uploaded yet and what is pinned stays, and is named."
    })
final class EvictCommand extends PathCommand {
  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "A file, or a directory with all below it.")
  List<String> paths;

  @Option(names = "--force", description = "Drop pinned files too; they stay pinned.")
  boolean force;

  EvictCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    long files = 0;
    long bytes = 0;
    long keptFiles = 0;
    List<Message> kept = new ArrayList<>();
    PathRequests requests = requests();
    for (String path : paths) {
      Message freed = requests.evict(path, force);
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
