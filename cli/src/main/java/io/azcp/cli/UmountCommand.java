package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.HumanText;
import io.azcp.base.UsageException;
import io.azcp.fs.mount.Leftovers;
import io.azcp.fs.mount.RunningMounts;
import io.azcp.fs.mount.control.Message;
import java.io.IOException;
import java.util.List;

/** Unmounts. */
final class UmountCommand extends Command {
  final Value<List<String>> directories = arguments.parameters(0, "DIR", "Where it is mounted.");

  final Value<Boolean> all = arguments.flag("--all").says("Everything you have mounted.");

  final Value<Boolean> noWait =
      arguments
          .flag("--no-wait")
          .says("Do not wait for uploads; the next mount or 'azcp flush' sends them.");

  final Value<Boolean> lazy =
      arguments.flag("--lazy").says("Detach also what is in use; it ends with its last open file.");

  UmountCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("umount").description("Unmounts, and waits until what was written is uploaded.");
  }

  @Override
  public Integer call() throws Exception {
    if (all.get() == !directories.get().isEmpty()) {
      throw new UsageException("umount needs either directories or --all");
    }
    var mounts = new RunningMounts(environment());
    int code = ExitCode.DONE;
    for (String directory : all.get() ? mounts.places() : directories.get()) {
      code = Math.max(code, unmount(mounts, directory));
    }
    return code;
  }

  private int unmount(RunningMounts mounts, String directory) throws IOException {
    Message left;
    try (var line = new StatusLine(invocation)) {
      left = mounts.unmount(directory, !noWait.get(), lazy.get(), p -> line.show(uploading(p)));
    } catch (AzcpException e) {
      complain(e.getMessage());
      return ExitCode.FAILED;
    }
    out().println("Unmounted: " + directory + (left.flag("dead") ? " (its daemon was dead)" : ""));
    if (left.flag("complete")) {
      return ExitCode.DONE;
    }
    Leftovers.sentences(left).forEach(this::complain);
    return noWait.get() ? ExitCode.DONE : ExitCode.FAILED;
  }

  static String uploading(Message left) throws AzcpException {
    return "uploading: "
        + HumanText.count(left.number("files"), "file")
        + ", "
        + HumanText.bytes(left.number("bytes"))
        + " left";
  }
}
