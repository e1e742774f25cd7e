package io.azcp.cli;

import io.azcp.base.Json;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.SyncJob;
import io.azcp.transfer.engine.SyncResult;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes the files of a destination those of a source. */
final class SyncCommand extends Command {
  private final SyncFlags sync = new SyncFlags(arguments);
  private final TransferFlags flags = new TransferFlags(arguments);
  private final PairFlags pair = new PairFlags(arguments);

  private final Value<String> source = arguments.parameter("SOURCE", "A directory or URL.");

  private final Value<String> destination =
      arguments.parameter("DESTINATION", "A directory or URL.");

  SyncCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
    command("sync")
        .description("Copies to a destination what differs from a source, and only that.");
  }

  @Override
  public Integer call() throws IOException {
    boolean whole = flags.lists.shard().isWhole();
    Route<SyncJob> route =
        Route.sync(
            Location.parse(pair.source(source.get()), invocation, global),
            Location.parse(pair.destination(destination.get()), invocation, global),
            sync.chosen(global.folder(invocation), whole));
    pair.check(route.direction());
    flags.checkWholeTrees();
    TransferOptions options =
        flags.chosen(route.direction(), invocation).folder(global.folder(invocation)).build();
    checkRecursive();
    try (var opened = OpenedServices.of(route.accounts(), invocation, global, options)) {
      var console =
          new TransferConsole(
              invocation, global, out(), "  [dry-run] would " + route.direction().verb() + ": ");
      console.deletions("[dry-run] delete " + deletionPrefix(route.direction()));
      SyncJob job = route.maker().make(opened.all(), options, console);
      int code =
          new JobRun(invocation, global, job, opened.all(), console)
              .run(
                  flags.display.progress(invocation),
                  "run the same command again to go on from the finished files",
                  outcome ->
                      summary(route.direction(), opened.last(), job, options, outcome != null));
      return job.result().refused() ? ExitCode.FAILED : code;
    }
  }

  private String deletionPrefix(Direction direction) {
    if (direction != Direction.DOWNLOAD) {
      return "remote: ";
    }
    return "local: "
        + (destination.get().endsWith("/") ? destination.get() : destination.get() + "/");
  }

  /** Said in so many words, it would otherwise be ignored. */
  private void checkRecursive() throws UsageException {
    var said = spec.commandLine().getParseResult().matchedOption("--recursive");
    if (said != null && Boolean.FALSE.equals(said.getValue())) {
      throw new UsageException("sync is always of directories with all they hold");
    }
  }

  private void summary(
      Direction direction,
      OpenedService opened,
      SyncJob job,
      TransferOptions options,
      boolean whole) {
    SyncResult result = job.result();
    if (global.json()) {
      out().println(Json.write(object(result)));
      TransferSummary.json(out(), "sync", job.stats(), opened.retries(), whole);
    } else if (!options.dryRun()) {
      text(direction, job, result);
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
  private void text(Direction direction, SyncJob job, SyncResult result) {
    String done =
        switch (direction) {
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
