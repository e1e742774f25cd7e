package io.azcp.cli;

import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.Job;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a signal does to a running job: ends it, and lets the command tell what was done before the
 * process goes. Nothing where the command is over.
 */
final class Interruption implements AutoCloseable {
  /** How long units may take to notice; their sockets are closed by then. */
  private static final long JOB_MILLIS = 3000;

  /** How long the command may take to print and to finish its report. */
  private static final long TELLING_MILLIS = 2000;

  private final Invocation invocation;
  private final Job job;
  private final List<OpenedService> services;
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean came;

  /** Listens from now on. */
  Interruption(Invocation invocation, Job job, List<OpenedService> services) {
    this.invocation = invocation;
    this.job = job;
    this.services = List.copyOf(services);
    invocation.onSignal().accept(this::signalled);
  }

  private void signalled() {
    if (told.getCount() == 0) {
      return;
    }
    came = true;
    job.cancel();
    services.forEach(OpenedService::close);
    try {
      job.awaitEnd(JOB_MILLIS);
      told.await(TELLING_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a signal ended the job. */
  boolean came() {
    return came;
  }

  /** All is told: the process may go. */
  @Override
  public void close() {
    invocation.out().flush();
    invocation.err().flush();
    told.countDown();
  }
}
