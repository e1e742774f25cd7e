package io.azcp.fs.mount;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a counter grew over the last seconds. Fed once a second by one thread; thread-safe. */
final class RateWindow {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Sample(long nanos, long total) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** The counter's value at a time of {@link System#nanoTime}. */
  synchronized void sample(long nanos, long total) {
    samples.addLast(new Sample(nanos, total));
    while (samples.size() > 2 && nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Units a second over the window; 0 before there are two samples. */
  synchronized long perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = (last.nanos() - first.nanos()) / 1e9;
    return seconds <= 0 ? 0 : Math.round((last.total() - first.total()) / seconds);
  }
}
