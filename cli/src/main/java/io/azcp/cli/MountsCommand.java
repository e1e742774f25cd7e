package io.azcp.cli;

import io.azcp.fs.mount.RunningMounts;
import io.azcp.fs.mount.control.LiveMount;
import io.azcp.fs.mount.control.LiveMount.LiveRule;

/** Lists what is mounted. */
final class MountsCommand extends Command {
  MountsCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("mounts").description("Lists your running mounts.");
  }

  @Override
  public Integer call() throws Exception {
    for (LiveMount mount : new RunningMounts(environment()).all()) {
      for (String place : mount.mountPoints()) {
        out().println(place + " (process " + mount.pid() + ", " + mount.config() + ")");
      }
      for (LiveRule rule : mount.rules()) {
        out().println("  " + rule.root() + " <- " + rule.remote());
      }
    }
    return ExitCode.DONE;
  }
}
