package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.DownloadJob;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.ServerCopyJob;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.TransferReport;
import io.azcp.transfer.engine.TransferStats;
import io.azcp.transfer.engine.UploadJob;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Copies between this machine and the service, and within an account. */
@CommandLine.Command(
    name = "copy",
    aliases = "cp",
    description = "Copies files to blobs, blobs to files, or blobs within an account.")
final class CopyCommand extends Command {
  @Mixin private CopyOptions options;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "A path or URL.")
  private String source;

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "A path or URL.")
  private String destination;

  CopyCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /** A way to copy: its words, whose account it needs, and how its job is made. */
  private record Way(String headline, String verb, BlobUrl account, JobMaker maker) {}

  @FunctionalInterface
  private interface JobMaker {
    Job make(OpenedService opened, TransferOptions options, TransferConsole console);
  }

  @Override
  public Integer call() throws IOException {
    TransferOptions chosen = options.chosen();
    Way way =
        way(
            Location.parse(source, invocation, global),
            Location.parse(destination, invocation, global));
    if (way == null) {
      complain(
          "cannot copy from "
              + source
              + " to "
              + destination
              + ": give a path and a URL, or two URLs of one account");
      return ExitCode.FAILED;
    }
    try (OpenedService opened = Services.open(way.account(), invocation, global, true)) {
      var console = new TransferConsole(invocation, "  [dry-run] would " + way.verb() + ": ");
      Job job = way.maker().make(opened, chosen, console);
      OnSignal.end(invocation, job, opened);
      return run(way, opened, job, console);
    }
  }

  private Way way(Location from, Location to) throws UsageException {
    if (from instanceof Location.Local local && to instanceof Location.Remote remote) {
      BlobUrl url = withContainer(remote.url(), destination);
      return new Way(
          "Upload",
          "upload",
          url,
          (opened, how, console) ->
              new UploadJob(
                  opened.service(), how, console, local.path(), url.container(), url.name()));
    }
    if (from instanceof Location.Remote remote && to instanceof Location.Local local) {
      BlobUrl url = withContainer(remote.url(), source);
      return new Way(
          "Download",
          "download",
          url,
          (opened, how, console) ->
              new DownloadJob(
                  opened.service(),
                  how,
                  console,
                  url.container(),
                  url.name(),
                  local.path(),
                  local.directory()));
    }
    if (from instanceof Location.Remote a && to instanceof Location.Remote b) {
      return within(withContainer(a.url(), source), withContainer(b.url(), destination));
    }
    return null;
  }

  private static Way within(BlobUrl from, BlobUrl to) {
    boolean sameAccount = from.at("", "").withSas("").equals(to.at("", "").withSas(""));
    if (!sameAccount) {
      return null;
    }
    return new Way(
        "Copy",
        "copy",
        to,
        (opened, how, console) ->
            new ServerCopyJob(
                opened.service(),
                how,
                console,
                new ServerCopyJob.Place(from.container(), from.name()),
                new ServerCopyJob.Place(to.container(), to.name())));
  }

  private static BlobUrl withContainer(BlobUrl url, String text) throws UsageException {
    if (url.container().isEmpty()) {
      throw new UsageException("'" + text + "' names no container");
    }
    return url;
  }

  private int run(Way way, OpenedService opened, Job job, TransferConsole console)
      throws IOException {
    TransferStats stats = job.stats();
    Outcome outcome;
    try (ProgressLine progress =
        options.showsProgress(invocation)
            ? new ProgressLine(invocation.err(), stats, opened.retries())
            : null) {
      console.above(progress);
      outcome = job.run();
    } catch (IOException e) {
      if (stats.files() + stats.failed() > 0 && !(e instanceof UsageException)) {
        report(way, opened, stats);
      }
      throw e;
    }
    if (!options.dryRun) {
      tell(way, opened, stats, outcome);
    }
    return stats.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void tell(Way way, OpenedService opened, TransferStats stats, Outcome outcome) {
    if (!outcome.isSingle()) {
      report(way, opened, stats);
    } else if (stats.files() > 0) {
      out().println(TransferReport.transferred(outcome.single(), stats));
    } else if (stats.skipped() > 0) {
      out().println("Skipped (already exists): " + outcome.single());
    }
  }

  private void report(Way way, OpenedService opened, TransferStats stats) {
    TransferReport.of(way.headline(), stats, opened.retries().summary()).forEach(out()::println);
  }
}
