package io.azcp.cli;

import io.azcp.fs.mount.Leftovers;
import io.azcp.fs.mount.control.Message;
import java.util.List;

/** Uploads what is pending. */
final class FlushCommand extends PathCommand {
  final Value<String> path = arguments.optionalParameter("PATH", "Only this and all below it.");

  final Value<Boolean> open =
      arguments
          .flag("--wait")
          .says("Wait, too, for files that are still being written to be closed.");

  FlushCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("flush")
        .description(
            "Uploads what was written and is not in the service yet, and waits for it.",
            "Works with and without a mount: what an earlier one left is sent from the journal.");
  }

  @Override
  public Integer call() throws Exception {
    List<Message> left;
    try (var line = new StatusLine(invocation)) {
      left =
          path.get() == null
              ? requests().flushAll(open.get(), p -> line.show(UmountCommand.uploading(p)))
              : List.of(
                  requests()
                      .flush(path.get(), open.get(), p -> line.show(UmountCommand.uploading(p))));
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
