package io.azcp.cache;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A few fetching threads with an urgent lane. */
final class TestThreads implements FetchThreads, AutoCloseable {
  private final AtomicLong serial = new AtomicLong();
  private final BlockingQueue<Runnable> queue = new PriorityBlockingQueue<>();
  private final ThreadPoolExecutor pool;

  TestThreads(int threads) {
    pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            1,
            TimeUnit.SECONDS,
            queue,
            work -> {
              var thread = new Thread(work, "test-fetch");
              thread.setDaemon(true);
              return thread;
            });
  }

  private record Task(boolean urgent, long number, Runnable work)
      implements Runnable, Comparable<Task> {
    @Override
    public void run() {
      work.run();
    }

    @Override
    public int compareTo(Task other) {
      return urgent != other.urgent
          ? Boolean.compare(other.urgent, urgent)
          : Long.compare(number, other.number);
    }
  }

  @Override
  public void run(boolean urgent, Runnable fetch) {
    pool.execute(new Task(urgent, serial.incrementAndGet(), fetch));
  }

  /** Whether no fetch runs or waits. */
  boolean idle() {
    return queue.isEmpty() && pool.getActiveCount() == 0;
  }

  @Override
  public void close() {
    pool.shutdown();
    try {
      if (!pool.awaitTermination(60, TimeUnit.SECONDS)) {
        throw new AssertionError("a fetch did not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
