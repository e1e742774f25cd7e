package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Lets files be opened for writing only while less than so much waits for its upload: an open waits
 * for a while, then it fails with {@code ENOSPC}. What is open already may be written on.
 * Thread-safe.
 */
final class DirtyLimit {
  /** Counting what is pending looks at every file: once in so long is enough. */
  private static final long COUNT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Counting takes at most one part in so many of the time. */
  private static final int COUNT_PART = 20;

  private static final long LOOK_MILLIS = 50;

  private final LongUnaryOperator limits;
  private final LongSupplier pending;
  private final Runnable hurry;
  private final Executor calls;
  private final Duration longest;
  private volatile long limit;
  private volatile long counted;
  private volatile long nextNanos;
  private volatile boolean known;

  /**
   * A limit.
   *
   * @param limits tells of the bytes that wait how many may
   * @param pending counts the bytes that wait
   * @param hurry has uploads begin at once
   * @param calls where those who waited go on
   * @param longest how long an open waits
   */
  DirtyLimit(
      LongUnaryOperator limits,
      LongSupplier pending,
      Runnable hurry,
      Executor calls,
      Duration longest) {
    this.limits = limits;
    this.pending = pending;
    this.hurry = hurry;
    this.calls = calls;
    this.longest = longest;
  }

  /** Runs the action at once where there is room, else when there is. */
  void admit(Reply<?> request, Replies.Action action) {
    if (count() <= limit) {
      Replies.guard(request, action);
    } else {
      hurry.run();
      later(request, action, System.nanoTime() + longest.toNanos());
    }
  }

  private void later(Reply<?> request, Replies.Action action, long deadline) {
    CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, calls)
        .execute(() -> again(request, action, deadline));
  }

  private void again(Reply<?> request, Replies.Action action, long deadline) {
    if (count() <= limit) {
      Replies.guard(request, action);
    } else if (System.nanoTime() - deadline < 0) {
      later(request, action, deadline);
    } else {
      Replies.guard(
          request,
          () -> {
            throw new AzcpException(
                Errno.ENOSPC,
                counted + " bytes wait for their upload, and no more than " + limit + " may");
          });
    }
  }

  private long count() {
    long now = System.nanoTime();
    if (!known || now - nextNanos > 0) {
      counted = pending.getAsLong();
      limit = limits.applyAsLong(counted);
      long end = System.nanoTime();
      nextNanos = end + Math.max(COUNT_NANOS, (end - now) * COUNT_PART);
      known = true;
    }
    return counted;
  }
}
