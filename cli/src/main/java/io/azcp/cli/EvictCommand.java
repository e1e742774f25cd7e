package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.fs.mount.control.Message;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** Drops files from the cache. */
@CommandLine.Command(
    name = "evict",
    description = "Drops from the cache what lies at a path, unless it is open or not uploaded.")
final class EvictCommand extends PathCommand {
  @Parameters(paramLabel = "PATH", description = "A file, or a directory with all below it.")
  String path;

  EvictCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    Message freed = requests().evict(path);
    out()
        .println(
            "Evicted: "
                + HumanText.count(freed.number("files"), "file")
                + ", "
                + HumanText.bytes(freed.number("bytes")));
    return ExitCode.DONE;
  }
}
