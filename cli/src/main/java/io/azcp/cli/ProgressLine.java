package io.azcp.cli;

import io.azcp.base.HumanText;
import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.TransferStats;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The line on a terminal that shows how far a transfer is. Drawn by a thread of its own until
 * closed; closing takes the line away.
 */
final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_MILLIS = 200;
  private static final int BAR = 20;
  private static final String SPINNER = "|/-\\";

  /** Back to the line's start, and erase to its end (ECMA-48). */
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final TransferStats stats;
  private final RetryCounters retries;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::draw, "azcp-progress");
  private int turn;

  /** Starts drawing. */
  ProgressLine(PrintStream err, TransferStats stats, RetryCounters retries) {
    this.err = err;
    this.stats = stats;
    this.retries = retries;
    thread.setDaemon(true);
    thread.start();
  }

  private void draw() {
    try {
      while (!closed.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS)) {
        synchronized (this) {
          err.print(ERASE + SPINNER.charAt(turn++ % SPINNER.length()) + " " + text(stats, retries));
          err.flush();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints something else where the line was; it comes again below. */
  synchronized void above(Runnable print) {
    err.print(ERASE);
    print.run();
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    err.print(ERASE);
    err.flush();
  }

  /** The line without its spinner. */
  static String text(TransferStats stats, RetryCounters retries) {
    Duration elapsed = stats.elapsed();
    long moved = Math.min(stats.movedBytes(), stats.plannedBytes());
    String repeated =
        retries.total() == 0
            ? ""
            : "[retry 503x" + retries.busy() + " 429x" + retries.throttled() + "] ";
    return "["
        + HumanText.clock(elapsed)
        + "] ["
        + bar(moved, stats.plannedBytes())
        + "] "
        + stats.files()
        + "/"
        + stats.plannedFiles()
        + " files "
        + repeated
        + HumanText.bytes(moved)
        + "/"
        + HumanText.bytes(stats.plannedBytes())
        + " "
        + HumanText.bytesPerSecond(stats.movedBytes(), elapsed)
        + " ETA "
        + eta(moved, stats.plannedBytes(), elapsed);
  }

  static String bar(long moved, long planned) {
    int full = planned == 0 ? 0 : (int) (BAR * ((double) moved / planned));
    return full == BAR ? "#".repeat(BAR) : "#".repeat(full) + ">" + "-".repeat(BAR - full - 1);
  }

  private static String eta(long moved, long planned, Duration elapsed) {
    if (moved == 0) {
      return "-";
    }
    double left = elapsed.toMillis() * ((double) (planned - moved) / moved);
    return Math.round(left / 1000) + "s";
  }
}
