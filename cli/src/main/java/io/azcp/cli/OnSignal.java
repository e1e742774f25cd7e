package io.azcp.cli;

import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Job;

/** What a signal does to a running job. */
final class OnSignal {
  /** How long units may take to notice; their sockets are closed by then. */
  private static final long LIMIT_MILLIS = 3000;

  private OnSignal() {}

  /** Ends the job, and removes its temporaries. Nothing where it has ended. */
  static void end(Invocation invocation, Job job, OpenedService opened) {
    invocation
        .onSignal()
        .accept(
            () -> {
              job.cancel();
              opened.close();
              try {
                job.awaitEnd(LIMIT_MILLIS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }
}
