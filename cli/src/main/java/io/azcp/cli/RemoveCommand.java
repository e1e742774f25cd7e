package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.NameFilter;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.RemovalJob;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.TransferStats;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes blobs, directories and containers. */
@CommandLine.Command(
    name = "rm",
    aliases = "remove",
    description = "Removes a blob, what a directory holds, or a container.")
final class RemoveCommand extends Command {
  @Option(
      names = {"-r", "--recursive"},
      description = "Remove what is below a directory, or a whole container.")
  private boolean recursive;

  @Option(
      names = "--prefix",
      description = "Remove all whose names start so: p takes p/x, pp and pq/x.")
  private boolean prefix;

  @ArgGroup(validate = false, heading = "%nWhich blobs:%n")
  private final SelectionFlags selection = new SelectionFlags();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  private final DisplayFlags display = new DisplayFlags();

  @Parameters(paramLabel = "URL", description = "A blob, a directory or a container.")
  private String target;

  RemoveCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    BlobUrl url = Location.inContainer(target, invocation, global);
    if (url.name().isEmpty() && !(recursive || prefix)) {
      throw new UsageException(
          "'" + url + "' is a container; add -r to remove it with all it holds");
    }
    TransferOptions options =
        TransferOptions.builder()
            .recursive(recursive)
            .prefix(prefix)
            .dryRun(display.dryRun())
            .filter(selection.filter())
            .build();
    boolean whole =
        url.name().isEmpty() && !prefix && !options.dryRun() && options.filter() == NameFilter.ALL;
    try (OpenedService opened = Services.open(url, invocation, global, false)) {
      return whole ? removeContainer(opened, url) : removeBlobs(opened, url, options);
    }
  }

  private int removeContainer(OpenedService opened, BlobUrl url) throws IOException {
    opened.service().deleteContainer(url.container());
    if (global.json()) {
      object(Map.of("type", "container", "name", url.container(), "status", "deleted"));
    } else {
      out().println("Deleted container: " + url.container());
    }
    return ExitCode.DONE;
  }

  private int removeBlobs(OpenedService opened, BlobUrl url, TransferOptions options)
      throws IOException {
    var console = new TransferConsole(invocation, global, out(), "[dry-run] would delete: ");
    var job = new RemovalJob(opened.service(), options, console, url.container(), url.name());
    return new JobRun(invocation, global, job, List.of(opened), console)
        .run(
            display.progress(invocation),
            "run the same command again to remove the rest",
            outcome -> summary(opened, url, options, job.stats(), outcome));
  }

  private void summary(
      OpenedService opened,
      BlobUrl url,
      TransferOptions options,
      TransferStats stats,
      Outcome outcome) {
    if (global.json()) {
      TransferSummary.json(out(), "delete", stats, opened.retries(), outcome != null);
    } else if (options.dryRun()) {
      out().println(stats.plannedFiles() + " blob(s) would be deleted");
    } else if (outcome == null || !outcome.isSingle()) {
      out().println(stats.files() + " blob(s) deleted, " + stats.failed() + " failed");
    } else if (stats.failed() == 0) {
      out().println("Deleted: " + url.container() + "/" + outcome.single());
    }
  }
}
