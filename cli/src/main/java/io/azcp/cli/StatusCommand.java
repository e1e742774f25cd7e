package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.HumanText;
import io.azcp.fs.mount.Conflicts;
import io.azcp.fs.mount.RunningMounts;
import io.azcp.fs.mount.control.Message;
import java.util.List;
import java.util.Optional;

/** Shows what running mounts do. */
final class StatusCommand extends Command {
  final Value<String> directory =
      arguments.optionalParameter("DIR", "Only the mount that serves this.");

  final Value<Boolean> json =
      arguments.flag("--json").says("One JSON object, as the control protocol has it.");

  StatusCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("status").description("Shows what is mounted, cached, pending and moving.");
  }

  @Override
  public Integer call() throws Exception {
    List<Message> all =
        new RunningMounts(environment()).status(Optional.ofNullable(directory.get()));
    if (json.get()) {
      out().println(Message.empty().with("daemons", all).json());
      return ExitCode.DONE;
    }
    if (all.isEmpty()) {
      out().println("Nothing is mounted");
    }
    for (Message daemon : all) {
      for (Message mount : daemon.objects("mounts")) {
        print(daemon, mount);
      }
    }
    return ExitCode.DONE;
  }

  private void print(Message daemon, Message mount) throws AzcpException {
    line(mount.text("mountPoint") + " (process " + daemon.number("pid") + ")");
    line("  binding     " + mount.text("binding"));
    for (Message rule : mount.objects("rules")) {
      printRule(rule);
    }
  }

  private void printRule(Message rule) throws AzcpException {
    line("  " + rule.text("root") + " <- " + rule.text("remote"));
    line("    service   " + (rule.flag("offline") ? "offline" : "online"));
    line("    index     " + rule.text("index"));
    line(
        "    cached    "
            + amount(rule, "cachedFiles", "cachedBytes")
            + (rule.has("limitBytes") ? " of " + HumanText.bytes(rule.number("limitBytes")) : ""));
    line("    partial   " + amount(rule, "partialFiles", "partialBytes"));
    line(
        "    pending   "
            + amount(rule, "pendingFiles", "pendingBytes")
            + ", "
            + HumanText.count(rule.number("operations"), "operation"));
    if (rule.number("failed") > 0) {
      line("    failed    " + rule.number("failed"));
    }
    if (rule.number("leased") > 0) {
      line("    leased    " + rule.number("leased") + " wait for somebody to end his lease");
    }
    for (Message conflict : rule.objects("conflicts")) {
      line("    conflict  " + Conflicts.sentence(conflict));
    }
    if (!rule.text("lastError", "").isEmpty()) {
      line("    last error " + rule.text("lastError"));
    }
    if (rule.number("hiddenNames") > 0) {
      line("    hidden    " + HumanText.count(rule.number("hiddenNames"), "name"));
    }
    line("    fetched   " + moved(rule, "fetchedBytes", "fetchRate"));
    line("    uploaded  " + moved(rule, "uploadedBytes", "uploadRate"));
  }

  private static String amount(Message rule, String files, String bytes) throws AzcpException {
    return HumanText.count(rule.number(files), "file") + ", " + HumanText.bytes(rule.number(bytes));
  }

  private static String moved(Message rule, String bytes, String rate) throws AzcpException {
    return HumanText.bytes(rule.number(bytes))
        + " since the start, now "
        + HumanText.bytes(rule.number(rate))
        + "/s";
  }

  private void line(String text) {
    out().println(text);
  }
}
