package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.ByteSize;
import io.azcp.base.Errno;
import io.azcp.base.HumanText;
import io.azcp.base.UsageException;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.WorkingDirectory;
import io.azcp.fs.mount.DaemonLog;
import io.azcp.fs.mount.PreparePlan;
import io.azcp.prefetch.Manifest;
import io.azcp.prefetch.PrepareListener;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import io.azcp.transfer.engine.LocalPaths;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/**
 * Fetches files into the cache before they are read. With {@code --background} the launcher starts
 * it in a session of its own and lets go of it at the line {@value MountCommand#READY}.
 */
final class PrepareCommand extends PathCommand {
  private final Value<List<String>> paths = arguments.parameters(0, "PATH", "What to fetch.");

  private final Value<String> manifest =
      arguments
          .text("--manifest")
          .label("FILE|-")
          .says(
              "Fetch what a list names, too: a path on each line, perhaps with a tab and its size.");

  private final Value<String> order =
      arguments
          .text("--order")
          .label("FILE|-")
          .says(
              "Fetch what a list names in its order, the one in which a job will read the files, and"
                  + " only so far ahead of the job as the cache has room.");

  private final Value<String> ahead =
      arguments
          .text("--ahead")
          .label("SIZE")
          .says("With --order: how far ahead at most (default half of what the cache holds).");

  private final Value<Boolean> check =
      arguments
          .flag("--check")
          .says("Fetch nothing; tell what is in the cache, and end with 0 where all of it is.");

  private final Value<Boolean> background =
      arguments
          .flag("--background")
          .says("Go on without the terminal, and tell the outcome in a log.");

  private final Value<Boolean> pin =
      arguments
          .flag("--pin")
          .says("Keep them in the cache, whatever else needs room, until 'azcp unpin PATH'.");

  PrepareCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("prepare", "download", "d")
        .description(
            "Fetches files into the cache before they are read, with or without a mount.",
            "PATH is a file, a directory with all below it, or a quoted pattern: * and ? cross no slash,",
            "** does; [abc] and {a,b} choose.");
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    PrepareOptions options = options();
    try (PreparePlan plan = requests().plan(global.folder(invocation))) {
      for (String path : paths.get()) {
        plan.add(path);
      }
      read(plan, manifest.get());
      read(plan, order.get());
      if (background.get() && invocation.variable(MountCommand.DAEMON_VARIABLE).equals("1")) {
        letGo();
      }
      int code = unmapped(plan.unmapped());
      if (plan.isEmpty()) {
        return code;
      }
      PrepareResult result = run(plan, options);
      print(result, Duration.ofNanos(System.nanoTime() - start));
      return result.filesFailed() + result.filesMissing() > 0 ? ExitCode.FAILED : code;
    }
  }

  private PrepareOptions options() throws UsageException {
    if (paths.get().isEmpty() && manifest.get().isEmpty() && order.get().isEmpty()) {
      throw new UsageException("nothing is named: give a PATH, --manifest or --order");
    }
    if (!manifest.get().isEmpty() && !order.get().isEmpty()) {
      throw new UsageException("--manifest and --order contradict each other");
    }
    if (!ahead.get().isEmpty() && order.get().isEmpty()) {
      throw new UsageException("--ahead means nothing without --order");
    }
    if (check.get() && (pin.get() || background.get())) {
      throw new UsageException("--check fetches nothing, so nothing can be pinned or wait");
    }
    if (background.get() && (manifest.get().equals("-") || order.get().equals("-"))) {
      throw new UsageException("--background has no standard input; write the list to a file");
    }
    PrepareOptions options = PrepareOptions.NONE.withPin(pin.get());
    if (!order.get().isEmpty()) {
      options =
          options.inOrder(
              ahead.get().isEmpty() ? 0 : Math.max(1, ByteSize.parse(ahead.get()).bytes()));
    }
    return check.get() ? options.checking() : options;
  }

  private void read(PreparePlan plan, String list) throws IOException {
    if (list.isEmpty()) {
      return;
    }
    String shown = list.equals("-") ? "standard input" : list;
    try (Manifest lines = new Manifest(shown, list.equals("-") ? invocation.in() : open(list))) {
      plan.add(lines);
    }
  }

  private InputStream open(String list) throws IOException {
    try {
      return java.nio.file.Files.newInputStream(LocalPaths.of(invocation.directory(), list));
    } catch (IOException e) {
      throw new AzcpException(Errno.ENOENT, "cannot read the list " + list, e);
    }
  }

  private void letGo() throws IOException {
    String log = DaemonLog.file(environment(), "prepare");
    out().println("Preparing in the background; the outcome goes to " + log);
    out().println(MountCommand.READY);
    out().flush();
    DaemonLog.takeOver(log);
    WorkingDirectory.change("/");
  }

  private PrepareResult run(PreparePlan plan, PrepareOptions options) throws IOException {
    if (background.get()) {
      return plan.run(options, PrepareListener.NONE);
    }
    try (var line = new StatusLine(invocation)) {
      return plan.run(
          options,
          (files, bytes, filesKnown, bytesKnown) ->
              line.show(
                  files
                      + "/"
                      + filesKnown
                      + " files "
                      + HumanText.bytes(bytes)
                      + "/"
                      + HumanText.bytes(bytesKnown)));
    }
  }

  /** A plain local file is there already, if it is there at all. */
  private int unmapped(List<String> unmapped) {
    int code = ExitCode.DONE;
    for (String path : unmapped) {
      if (Files.exists(environment().absolute(path))) {
        out().println("Nothing to do: " + path + " is a plain local file, no rule has it");
      } else {
        complain("there is no file " + path + ", and no rule and no mount has it");
        code = ExitCode.FAILED;
      }
    }
    return code;
  }

  private void print(PrepareResult result, Duration time) {
    if (global.json()) {
      object(PrepareSummary.json(result, time));
    } else if (check.get()) {
      PrepareSummary.check(out(), result);
    } else {
      PrepareSummary.text(out(), result, time);
    }
    result.failures().forEach(f -> complain(f.message()));
    long more = result.filesFailed() - result.failures().size();
    if (more > 0) {
      complain("and " + HumanText.count(more, "more failure") + " of the same run");
    }
  }
}
