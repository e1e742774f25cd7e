package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.Json;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.ServerCopyJob;
import io.azcp.transfer.engine.SyncJob;
import io.azcp.transfer.engine.SyncOptions;
import io.azcp.transfer.engine.SyncResult;
import io.azcp.transfer.engine.TransferEvents;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the files of a destination those of a source. */
@CommandLine.Command(
    name = "sync",
    description = "Copies to a destination what differs from a source, and only that.")
final class SyncCommand extends Command {
  @Spec private CommandSpec spec;
  @Mixin private SyncFlags sync;
  @Mixin private TransferFlags flags;
  @Mixin private PairFlags pair;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "A directory or URL.")
  private String source;

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "A directory or URL.")
  private String destination;

  SyncCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /**
   * A way to go.
   *
   * @param account whose service it goes by
   * @param other whose it goes by besides, or null
   * @param deletion what goes before a name that a dry run would delete
   */
  private record Way(
      Direction direction, BlobUrl account, BlobUrl other, String deletion, Maker maker) {}

  @FunctionalInterface
  private interface Maker {
    SyncJob make(
        List<BlobService> services, TransferOptions options, SyncOptions sync, TransferEvents e);
  }

  @Override
  public Integer call() throws IOException {
    Way way =
        way(
            Location.parse(pair.source(source), invocation, global),
            Location.parse(pair.destination(destination), invocation, global));
    pair.check(way.direction());
    flags.checkWholeTrees();
    TransferOptions options = flags.chosen(way.direction(), invocation).build();
    checkRecursive();
    SyncOptions chosen = sync.chosen(global.folder(invocation), options.shard().isWhole());
    try (OpenedService opened = Services.open(way.account(), invocation, global, options);
        OpenedService other =
            way.other() == null ? null : Services.open(way.other(), invocation, global, options)) {
      List<OpenedService> all = other == null ? List.of(opened) : List.of(opened, other);
      var console =
          new TransferConsole(
              invocation, global, out(), "  [dry-run] would " + way.direction().verb() + ": ");
      console.deletions("[dry-run] delete " + way.deletion());
      SyncJob job =
          way.maker()
              .make(all.stream().map(OpenedService::service).toList(), options, chosen, console);
      int code =
          new JobRun(invocation, global, job, all, console)
              .run(
                  flags.display.progress(invocation),
                  "run the same command again to go on from the finished files",
                  outcome -> summary(way, opened, job, options, outcome != null));
      return job.result().refused() ? ExitCode.FAILED : code;
    }
  }

  /** Said in so many words, it would otherwise be ignored. */
  private void checkRecursive() throws UsageException {
    var said = spec.commandLine().getParseResult().matchedOption("--recursive");
    if (said != null && Boolean.FALSE.equals(said.getValue())) {
      throw new UsageException("sync is always of directories with all they hold");
    }
  }

  private Way way(Location from, Location to) throws AzcpException {
    if (from instanceof Location.Local local && to instanceof Location.Remote remote) {
      BlobUrl url = inContainer(remote.url(), destination);
      return new Way(
          Direction.UPLOAD,
          url,
          null,
          "remote: ",
          (services, options, how, events) ->
              SyncJob.upload(
                  services.get(0),
                  options,
                  how,
                  events,
                  local.path(),
                  url.container(),
                  url.name()));
    }
    if (from instanceof Location.Remote remote && to instanceof Location.Local local) {
      BlobUrl url = inContainer(remote.url(), source);
      String below = destination.endsWith("/") ? destination : destination + "/";
      return new Way(
          Direction.DOWNLOAD,
          url,
          null,
          "local: " + below,
          (services, options, how, events) ->
              SyncJob.download(
                  services.get(0),
                  options,
                  how,
                  events,
                  url.container(),
                  url.name(),
                  local.path()));
    }
    if (from instanceof Location.Remote a && to instanceof Location.Remote b) {
      return within(inContainer(a.url(), source), inContainer(b.url(), destination));
    }
    throw new AzcpException(
        Errno.EINVAL,
        "cannot sync "
            + source
            + " with "
            + destination
            + ": give a directory and a URL, or two URLs");
  }

  private static Way within(BlobUrl from, BlobUrl to) {
    boolean oneCredential = from.at("", "").equals(to.at("", ""));
    return new Way(
        Direction.COPY,
        to,
        oneCredential ? null : from,
        "remote: ",
        (services, options, how, events) ->
            SyncJob.copy(
                services.get(services.size() - 1),
                new ServerCopyJob.Place(from.container(), from.name()),
                services.get(0),
                new ServerCopyJob.Place(to.container(), to.name()),
                options,
                how,
                events));
  }

  private static BlobUrl inContainer(BlobUrl url, String text) throws UsageException {
    if (url.container().isEmpty()) {
      throw new UsageException("'" + text + "' names no container");
    }
    return url;
  }

  private void summary(
      Way way, OpenedService opened, SyncJob job, TransferOptions options, boolean whole) {
    SyncResult result = job.result();
    if (global.json()) {
      out().println(Json.write(object(result)));
      TransferSummary.json(out(), "sync", job.stats(), opened.retries(), whole);
    } else if (!options.dryRun()) {
      text(way, job, result);
    }
  }

  private static Map<String, Object> object(SyncResult result) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "sync");
    object.put("planned", result.planned());
    object.put("copied", result.moved());
    object.put("unchanged", result.unchanged());
    object.put("deleted", result.deleted());
    return object;
  }

  /** The first two lines are stable: scripts read them. */
  private void text(Way way, SyncJob job, SyncResult result) {
    String done =
        switch (way.direction()) {
          case UPLOAD -> "uploaded";
          case DOWNLOAD -> "downloaded";
          case COPY -> "copied";
        };
    out()
        .println(
            "Sync complete: "
                + result.planned()
                + " planned, "
                + result.moved()
                + " "
                + done
                + ", "
                + result.unchanged()
                + " unchanged");
    count("  Failed:    ", job.stats().failed());
    count("  Skipped:   ", job.stats().skipped());
    count("  Deleted:   ", result.deleted());
  }

  private void count(String label, long count) {
    if (count > 0) {
      out().println(label + count);
    }
  }
}
