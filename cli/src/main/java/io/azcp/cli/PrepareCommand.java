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
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Fetches files into the cache before they are read. With {@code --background} the launcher starts
 * it in a session of its own and lets go of it at the line {@value MountCommand#READY}.
 */
@CommandLine.Command(
    name = "prepare",
    aliases = {"download", "d"},
    description = {
      "Fetches files into the cache before they are read, with or without a mount.",
      "PATH is a file, a directory with all below it, or a quoted pattern: * and ? cross no slash,",
      "** does; [abc] and {a,b} choose."
    })
final class PrepareCommand extends PathCommand {
  @Parameters(arity = "0..*", paramLabel = "PATH", description = "What to fetch.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--manifest",
      paramLabel = "FILE|-",
      description =
          "Fetch what a list names, too: a path on each line, perhaps with a tab and its size.")
  private String manifest = "";

  @Option(
      names = "--order",
      paramLabel = "FILE|-",
      description =
          "Fetch what a list names in its order, the one in which a job will read the files, and"
              + " only so far ahead of the job as the cache has room.")
  private String order = "";

  @Option(
      names = "--ahead",
      paramLabel = "SIZE",
      description = "With --order: how far ahead at most (default half of what the cache holds).")
  private String ahead = "";

  @Option(
      names = "--check",
      description = "Fetch nothing; tell what is in the cache, and end with 0 where all of it is.")
  private boolean check;

  @Option(
      names = "--background",
      description = "Go on without the terminal, and tell the outcome in a log.")
  private boolean background;

  @Option(
      names = "--pin",
      description = "Keep them in the cache, whatever else needs room, until 'azcp unpin PATH'.")
  private boolean pin;

  PrepareCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    PrepareOptions options = options();
    try (PreparePlan plan = requests().plan(global.folder(invocation))) {
      for (String path : paths) {
        plan.add(path);
      }
      read(plan, manifest);
      read(plan, order);
      if (background && invocation.variable(MountCommand.DAEMON_VARIABLE).equals("1")) {
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
    if (paths.isEmpty() && manifest.isEmpty() && order.isEmpty()) {
      throw new UsageException("nothing is named: give a PATH, --manifest or --order");
    }
    if (!manifest.isEmpty() && !order.isEmpty()) {
      throw new UsageException("--manifest and --order contradict each other");
    }
    if (!ahead.isEmpty() && order.isEmpty()) {
      throw new UsageException("--ahead means nothing without --order");
    }
    if (check && (pin || background)) {
      throw new UsageException("--check fetches nothing, so nothing can be pinned or wait");
    }
    if (background && (manifest.equals("-") || order.equals("-"))) {
      throw new UsageException("--background has no standard input; write the list to a file");
    }
    PrepareOptions options = PrepareOptions.NONE.withPin(pin);
    if (!order.isEmpty()) {
      options = options.inOrder(ahead.isEmpty() ? 0 : Math.max(1, ByteSize.parse(ahead).bytes()));
    }
    return check ? options.checking() : options;
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
    if (background) {
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
    } else if (check) {
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
