package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.engine.Workers;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * What happens on the workers of a preparation, told to its loop. Anybody may add; one thread
 * takes.
 */
final class Events {
  private final Workers workers;
  private final LinkedBlockingQueue<Event> queue = new LinkedBlockingQueue<>();

  Events(Workers workers) {
    this.workers = workers;
  }

  /** Something that happened, handled by the loop. */
  interface Event {
    void handle() throws IOException;
  }

  void add(Event event) {
    queue.add(event);
  }

  /** Runs something on a worker. */
  void submit(Urgency urgency, Runnable work) throws AzcpException {
    try {
      workers.submit(urgency, work);
    } catch (RejectedExecutionException e) {
      throw new AzcpException(Errno.ECANCELED, "prepare was stopped by the end of the mount", e);
    }
  }

  /** The next event, waited for until then; null where none came. */
  Event poll(long deadlineNanos) throws AzcpException {
    try {
      return queue.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "prepare was interrupted", e);
    }
  }
}
