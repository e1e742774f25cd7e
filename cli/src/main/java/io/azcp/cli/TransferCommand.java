package io.azcp.cli;

import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.Overwrite;
import io.azcp.transfer.engine.TransferOptions;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that moves files from one place to another. */
abstract class TransferCommand extends Command {
  @Mixin private TransferFlags flags;
  @Mixin private PairFlags pair;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description = "A path or URL; a quoted /* at its end stands for what it holds.")
  private String source;

  @Parameters(index = "1", paramLabel = "DESTINATION", description = "A path or URL.")
  private String destination;

  TransferCommand(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  @Override
  public final Integer call() throws IOException {
    String from = Location.withoutWildcard(source, invocation);
    Route route =
        Route.of(
            Location.parse(pair.source(from), invocation, global),
            Location.parse(pair.destination(destination), invocation, global));
    pair.check(route.direction());
    TransferOptions options = flags.chosen(invocation).build();
    try (OpenedService opened = Services.open(route.account(), invocation, global, options)) {
      var console =
          new TransferConsole(
              invocation, global, out(), "  [dry-run] would " + route.direction().verb() + ": ");
      Job job = route.maker().make(opened, options, console);
      return new JobRun(invocation, global, job, List.of(opened), console)
          .run(
              flags.display.progress(invocation),
              rerun(options),
              outcome -> summary(route, opened, job, options, outcome));
    }
  }

  private static String rerun(TransferOptions options) {
    return options.overwrite() == Overwrite.TRUE
        ? "run it again with --overwrite=false to go on from the finished files"
        : "run the same command again to go on from the finished files";
  }

  private void summary(
      Route route, OpenedService opened, Job job, TransferOptions options, Outcome outcome) {
    if (global.json()) {
      TransferSummary.json(
          out(), route.direction().verb(), job.stats(), opened.retries(), outcome != null);
    } else if (!options.dryRun()) {
      TransferSummary.text(out(), route.direction(), job.stats(), opened.retries(), outcome);
    }
  }
}
