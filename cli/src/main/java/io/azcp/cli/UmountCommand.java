package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.HumanText;
import io.azcp.base.UsageException;
import io.azcp.fs.mount.Leftovers;
import io.azcp.fs.mount.RunningMounts;
import io.azcp.fs.mount.control.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Unmounts. */
@CommandLine.Command(
    name = "umount",
    description = "Unmounts, and waits until what was written is uploaded.")
final class UmountCommand extends Command {
  @Parameters(arity = "0..*", paramLabel = "DIR", description = "Where it is mounted.")
  List<String> directories = new ArrayList<>();

  @Option(names = "--all", description = "Everything you have mounted.")
  boolean all;

  @Option(
      names = "--no-wait",
      description = "Do not wait for uploads; the next mount or 'azcp flush' sends them.")
  boolean noWait;

  @Option(
      names = "--lazy",
      description = "Detach also what is in use; it ends with its last open file.")
  boolean lazy;

  UmountCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws Exception {
    if (all == !directories.isEmpty()) {
      throw new UsageException("umount needs either directories or --all");
    }
    var mounts = new RunningMounts(environment());
    int code = ExitCode.DONE;
    for (String directory : all ? mounts.places() : directories) {
      code = Math.max(code, unmount(mounts, directory));
    }
    return code;
  }

  private int unmount(RunningMounts mounts, String directory) throws IOException {
    Message left;
    try (var line = new StatusLine(invocation)) {
      left = mounts.unmount(directory, !noWait, lazy, p -> line.show(uploading(p)));
    } catch (AzcpException e) {
      complain(e.getMessage());
      return ExitCode.FAILED;
    }
    out().println("Unmounted: " + directory + (left.flag("dead") ? " (its daemon was dead)" : ""));
    if (left.flag("complete")) {
      return ExitCode.DONE;
    }
    Leftovers.sentences(left).forEach(this::complain);
    return noWait ? ExitCode.DONE : ExitCode.FAILED;
  }

  static String uploading(Message left) throws AzcpException {
    return "uploading: "
        + HumanText.count(left.number("files"), "file")
        + ", "
        + HumanText.bytes(left.number("bytes"))
        + " left";
  }
}
