package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The names whose blobs this process is changing in the service at this moment. Between the
 * service's doing and the news of it in the cache a fetch asks for what is there no more; it waits
 * here and then knows whether that was our own doing. Thread-safe.
 */
final class OwnChanges {
  /** Longer than a request of ours takes with all its retries but in an outage. */
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

  private final Map<String, Integer> names = new HashMap<>();

  void during(String name, Cache.Change change) throws IOException {
    begin(name);
    try {
      change.make();
    } finally {
      end(name);
    }
  }

  private synchronized void begin(String name) {
    names.merge(name, 1, Integer::sum);
  }

  private synchronized void end(String name) {
    names.computeIfPresent(name, (n, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /** Waits until nobody here changes the name's blob. */
  synchronized void await(String name) throws AzcpException {
    long deadline = System.nanoTime() + LIMIT_NANOS;
    try {
      for (long left = LIMIT_NANOS; names.containsKey(name) && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = deadline - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while " + name + " was being moved", e);
    }
  }
}
