package io.azcp.cli;

import io.azcp.base.UsageException;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.NameFilter;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.io.PrintStream;

/** A command that moves files from one place to another. */
abstract class TransferCommand extends Command {
  private final TransferFlags flags = new TransferFlags(arguments);
  private final PairFlags pair = new PairFlags(arguments);

  private final Value<String> source =
      arguments.parameter(
          "SOURCE",
          "A path, a URL or - (standard input); a quoted /* at its end is what it holds.");

  private final Value<String> destination =
      arguments.parameter(
          "DESTINATION", "A path, a URL or - (standard output); /dev/null checks and throws away.");

  TransferCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /** Adds what makes this command itself. */
  abstract void refine(TransferOptions.Builder options, Route<?> route) throws IOException;

  /** Refuses to remove a source that would be lost, or is none. */
  static void checkSource(boolean removed, String what, Route<?> route) throws UsageException {
    if (removed && route.end() != Route.End.PLACES) {
      throw new UsageException(what + " needs a path or URL at both ends");
    }
  }

  @Override
  public final Integer call() throws IOException {
    String from = Location.withoutWildcard(source.get(), invocation);
    Route<?> route =
        Route.of(
            Location.parse(pair.source(from), invocation, global),
            Location.destination(pair.destination(destination.get()), invocation, global),
            invocation);
    pair.check(route.direction());
    TransferOptions options = options(route, !from.equals(source.get()));
    try (var opened = OpenedServices.of(route.accounts(), invocation, global, options)) {
      return run(route, opened, options);
    }
  }

  private int run(Route<?> route, OpenedServices opened, TransferOptions options)
      throws IOException {
    // What is told must not mix with the bytes of a blob.
    boolean bytes = route.end() == Route.End.STREAM && route.direction() == Direction.DOWNLOAD;
    PrintStream results = bytes ? invocation.err() : out();
    String planned = "  [dry-run] would " + route.direction().verb() + ": ";
    var console = new TransferConsole(invocation, global, results, planned);
    Job job = route.maker().make(opened.all(), options, console);
    return new JobRun(invocation, global, job, opened.all(), console)
        .run(
            flags.display.progress(invocation),
            rerun(options),
            outcome -> summary(results, route, opened.last(), job, options, outcome));
  }

  private TransferOptions options(Route<?> route, boolean wildcard) throws IOException {
    TransferOptions.Builder options = flags.chosen(route.direction(), invocation);
    refine(options, route);
    if (route.end() == Route.End.NOWHERE) {
      options.discard(true);
    }
    TransferOptions chosen = options.folder(global.folder(invocation)).build();
    if (!wildcard || chosen.recursive()) {
      return chosen;
    }
    // Without -r a wildcard takes the files of the directory itself.
    NameFilter filter = chosen.filter();
    return chosen.toBuilder()
        .recursive(true)
        .filter((name, time) -> name.indexOf('/') < 0 && filter.accepts(name, time))
        .build();
  }

  private static String rerun(TransferOptions options) {
    return options.overwrite() == Overwrite.TRUE && !options.deleteSource()
        ? "run it again with --overwrite=ifSourceNewer to go on from the finished files"
        : "run the same command again to go on from the finished files";
  }

  private void summary(
      PrintStream results,
      Route<?> route,
      OpenedService opened,
      Job job,
      TransferOptions options,
      Outcome outcome) {
    Direction direction = route.direction();
    if (global.json()) {
      TransferSummary.json(
          results, direction.verb(), job.stats(), opened.retries(), outcome != null);
    } else if (!options.dryRun()) {
      TransferSummary.text(results, direction, job.stats(), opened.retries(), outcome);
    }
  }
}
