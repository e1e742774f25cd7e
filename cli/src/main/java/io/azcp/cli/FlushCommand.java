package io.azcp.cli;

import io.azcp.fs.mount.Leftovers;
import io.azcp.fs.mount.control.Message;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Uploads what is pending. */
@CommandLine.Command(
    name = "flush",
    description = {
      "Uploads what was written and is not in the service yet, and waits for it.",
      "Works with and without a mount: what an earlier one left is sent from the journal."
    })
final class FlushCommand extends PathCommand {
  @Parameters(arity = "0..1", paramLabel = "PATH", description = "Only this and all below it.")
  String path;

  @Option(
      names = "--wait",
      description = "Wait, too, for files that are still being written to be closed.")
  boolean open;

  FlushCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    List<Message> left;
    try (var line = new StatusLine(invocation)) {
      left =
          path == null
              ? requests().flushAll(open, p -> line.show(UmountCommand.uploading(p)))
              : List.of(requests().flush(path, open, p -> line.show(UmountCommand.uploading(p))));
    }
    int code = ExitCode.DONE;
    for (Message one : left) {
      if (!one.flag("complete")) {
        Leftovers.sentences(one).forEach(this::complain);
        code = ExitCode.FAILED;
      }
    }
    if (code == ExitCode.DONE) {
      out().println("Flushed: nothing is pending");
    }
    return code;
  }
}
