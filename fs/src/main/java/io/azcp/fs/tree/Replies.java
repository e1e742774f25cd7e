package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chains answers: the next step of a request, with every failure going to the request's reply. */
final class Replies {
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);

  private Replies() {}

  /** A step of a request that may fail. It replies as its last act, or not at all. */
  @FunctionalInterface
  interface Step<T> {
    void run(T value) throws IOException;
  }

  /** Runs the step with the value that arrives; failures go to the request. */
  static <T> Reply<T> then(Reply<?> request, Step<T> step) {
    return new Reply<>() {
      @Override
      public void ok(T value) {
        guard(request, () -> step.run(value));
      }

      @Override
      public void fail(Errno errno) {
        request.fail(errno);
      }
    };
  }

  /** What {@link #guard} runs. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  /** Runs a step; what it throws becomes the request's answer. */
  static void guard(Reply<?> request, Action action) {
    try {
      action.run();
    } catch (IOException e) {
      request.fail(errno(e));
    } catch (RuntimeException e) {
      LOG.error("a request failed unexpectedly", e);
      request.fail(Errno.EIO);
    }
  }

  /** Runs a step on a thread that may wait for the service. */
  static void run(Executor calls, Reply<?> request, Action action) {
    try {
      calls.execute(() -> guard(request, action));
    } catch (RejectedExecutionException e) {
      request.fail(Errno.ECANCELED);
    }
  }

  /** The errno of a failure; one that the caller did not cause is told in the log. */
  static Errno errno(IOException failure) {
    Errno errno = AzcpException.errnoOf(failure);
    if (errno == Errno.EIO) {
      LOG.warn("{}", failure.getMessage());
    }
    return errno;
  }
}
