package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.RemovalJob;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.TransferStats;
import java.io.IOException;
import picocli.CommandLine;
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

  @Option(names = "--dry-run", description = "Tell what would be removed, and remove nothing.")
  private boolean dryRun;

  @Parameters(paramLabel = "URL", description = "A blob, a directory or a container.")
  private String target;

  RemoveCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public Integer call() throws IOException {
    BlobUrl url = Location.url(target, invocation, global);
    if (url.container().isEmpty()) {
      throw new UsageException("'" + target + "' names no container");
    }
    if (url.name().isEmpty() && !recursive) {
      throw new UsageException(
          "'" + target + "' is a container; add -r to remove it with all it holds");
    }
    try (OpenedService opened = Services.open(url, invocation, global, false)) {
      boolean container = url.name().isEmpty() && !dryRun;
      return container ? removeContainer(opened, url) : removeBlobs(opened, url);
    }
  }

  private int removeContainer(OpenedService opened, BlobUrl url) throws IOException {
    opened.service().deleteContainer(url.container());
    out().println("Deleted container: " + url.container());
    return ExitCode.DONE;
  }

  private int removeBlobs(OpenedService opened, BlobUrl url) throws IOException {
    var console = new TransferConsole(invocation, "[dry-run] would delete: ");
    TransferOptions options =
        TransferOptions.defaults().withRecursive(recursive).withDryRun(dryRun);
    var job = new RemovalJob(opened.service(), options, console, url.container(), url.name());
    OnSignal.end(invocation, job, opened);
    Outcome outcome = job.run();
    TransferStats stats = job.stats();
    if (dryRun) {
      out().println(stats.plannedFiles() + " blob(s) would be deleted");
    } else if (!outcome.isSingle()) {
      out().println(stats.files() + " blob(s) deleted, " + stats.failed() + " failed");
    } else if (stats.failed() == 0) {
      out().println("Deleted: " + url.container() + "/" + outcome.single());
    }
    return stats.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }
}
