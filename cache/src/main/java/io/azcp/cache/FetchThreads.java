package io.azcp.cache;

/** Where fetches run: a bounded set of threads owned by somebody else. Never runs on the caller. */
@FunctionalInterface
public interface FetchThreads {
  /** Queues a fetch; an urgent one, for which somebody waits, goes before the others. */
  void run(boolean urgent, Runnable fetch);
}
