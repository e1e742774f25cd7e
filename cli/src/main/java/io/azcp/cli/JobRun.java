package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.Outcome;
import io.azcp.transfer.engine.TransferStats;
import java.io.IOException;
import java.util.List;

/**
 * Runs a job with what a user sees of it: progress, its report, its summary, and what was done and
 * how to go on where a signal ends it.
 */
final class JobRun {
  /** Prints what a job has done. */
  @FunctionalInterface
  interface Summary {
    /** Prints it; the outcome is null where the job did not come to its end. */
    void print(Outcome outcome);
  }

  private final Invocation invocation;
  private final GlobalOptions global;
  private final Job job;
  private final List<OpenedService> services;
  private final TransferConsole console;

  /**
   * A run; closes the console at its end.
   *
   * @param services what the job goes by; the last one's retries are shown
   */
  JobRun(
      Invocation invocation,
      GlobalOptions global,
      Job job,
      List<OpenedService> services,
      TransferConsole console) {
    this.invocation = invocation;
    this.global = global;
    this.job = job;
    this.services = services;
    this.console = console;
  }

  /**
   * Runs it.
   *
   * @param progress whether progress is shown
   * @param rerun how to go on after a signal, as {@code run the same command again: …}
   * @return the exit code
   */
  int run(boolean progress, String rerun, Summary summary) throws IOException {
    TransferStats stats = job.stats();
    Outcome outcome = null;
    try (var interruption = new Interruption(invocation, job, services)) {
      try (console;
          ProgressLine line = progress ? line(stats) : null) {
        console.above(line);
        outcome = job.run();
      } catch (IOException e) {
        if (interruption.came()) {
          summary.print(null);
          global
              .outputType
              .get()
              .complain(
                  invocation.err(), "interrupted; " + rerun + kept(stats, " and from ", " for it"));
          return ExitCode.FAILED;
        }
        boolean something = stats.files() + stats.failed() > 0;
        if (something && !(e instanceof UsageException)) {
          summary.print(outcome);
        }
        throw e;
      }
      summary.print(outcome);
      String kept = kept(stats, "", ": the next run goes on with them");
      if (!kept.isEmpty()) {
        global.outputType.get().complain(invocation.err(), kept);
      }
      return stats.failed() == 0 ? ExitCode.DONE : ExitCode.FAILED;
    }
  }

  /** What parts of files are kept, between two texts; nothing where none are. */
  private static String kept(TransferStats stats, String before, String after) {
    return stats.keptFiles() == 0
        ? ""
        : before
            + HumanText.bytes(stats.keptBytes())
            + " of "
            + stats.keptFiles()
            + " unfinished file(s), which are kept"
            + after;
  }

  private ProgressLine line(TransferStats stats) {
    return new ProgressLine(invocation, stats, services.get(services.size() - 1).retries());
  }
}
