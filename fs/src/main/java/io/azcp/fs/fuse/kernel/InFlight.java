package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests whose handler returned without an answer. One thread answers those past the deadline
 * with EIO, for a request that is never answered leaves its caller unkillable; an interrupt answers
 * with EINTR at once, while the port's work goes on. Thread-safe.
 *
 * <p>An INTERRUPT may be read by another thread before the request it means is parked: then it is
 * remembered, and {@link #park} finds it. Each side writes its own mark before it looks for the
 * other's, so one of them sees both.
 */
final class InFlight implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  private final long deadlineNanos;
  private final ConcurrentHashMap<Long, Request> parked = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, Long> early = new ConcurrentHashMap<>();
  private final List<Dispatcher> dispatchers = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread watchdog;

  InFlight(Duration deadline) {
    deadlineNanos = deadline.toNanos();
    watchdog = new Thread(this::watch, "fuse-deadline");
    watchdog.setDaemon(true);
    watchdog.start();
  }

  /** The request a dispatcher is in has the deadline too: its handler may hang. */
  void oversee(Dispatcher dispatcher) {
    dispatchers.add(dispatcher);
  }

  /** Keeps an unanswered request until it is answered. */
  void park(Request request) {
    request.setParked();
    parked.put(request.unique, request);
    if (!request.isPending()) {
      remove(request);
    } else if (early.remove(request.unique) != null) {
      interrupt(request);
    }
  }

  /** It is answered. */
  void remove(Request request) {
    parked.remove(request.unique);
  }

  /** The caller of the request got a signal. */
  void interrupt(long unique) {
    Request request = parked.get(unique);
    if (request == null) {
      early.put(unique, System.nanoTime());
      request = parked.get(unique);
    }
    if (request != null) {
      early.remove(unique);
      interrupt(request);
    }
  }

  private static void interrupt(Request request) {
    if (request.isInterruptible()) {
      request.cut(Errno.EINTR);
    }
  }

  /** How many requests wait for their answer. */
  int size() {
    return parked.size();
  }

  private void watch() {
    long period = Math.max(1, Math.min(1_000_000_000L, deadlineNanos / 4));
    try {
      while (!closed.await(period, TimeUnit.NANOSECONDS)) {
        sweep(System.nanoTime());
      }
    } catch (InterruptedException e) {
      LOG.debug("the deadline thread was interrupted", e);
    }
  }

  private void sweep(long now) {
    for (Request request : parked.values()) {
      expire(request, now);
    }
    for (Dispatcher dispatcher : dispatchers) {
      Request current = dispatcher.current();
      if (current != null) {
        expire(current, now);
      }
    }
    early.values().removeIf(since -> now - since > deadlineNanos);
  }

  private void expire(Request request, long now) {
    if (now - request.startNanos() > deadlineNanos && request.cut(Errno.EIO)) {
      LOG.warn(
          "{} had no answer for {} s and failed with EIO",
          request,
          TimeUnit.NANOSECONDS.toSeconds(deadlineNanos));
    }
  }

  /** The mount has ended: nobody waits for an answer any more. */
  @Override
  public void close() {
    closed.countDown();
    for (Request request : parked.values()) {
      request.cut(Errno.EIO);
    }
  }
}
