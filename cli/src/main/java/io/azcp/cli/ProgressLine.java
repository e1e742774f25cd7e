package io.azcp.cli;

import io.azcp.transfer.blob.RetryCounters;
import io.azcp.transfer.engine.TransferStats;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Shows how far a transfer is, by a thread of its own until closed. On a terminal it is one line
 * drawn over and over, which closing takes away. Elsewhere (a pipe, a log file) it is a plain line
 * every 30 s, and a last one at the end.
 */
final class ProgressLine implements AutoCloseable {
  private static final long REDRAW_MILLIS = 200;
  private static final long LOG_MILLIS = 30_000;
  private static final String SPINNER = "|/-\\";

  /** Back to the line's start, and erase to its end (ECMA-48). */
  private static final String ERASE = "\r\u001b[K";

  /** What does not fit is cut off rather than wrapped (DECAWM), however narrow the terminal is. */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final PrintStream err;
  private final TransferStats stats;
  private final RetryCounters retries;
  private final boolean terminal;
  private final int width;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::draw, "azcp-progress");
  private int turn;

  /** Starts drawing. */
  ProgressLine(Invocation invocation, TransferStats stats, RetryCounters retries) {
    this.err = invocation.err();
    this.stats = stats;
    this.retries = retries;
    this.terminal = invocation.terminal() && !invocation.variable("TERM").equals("dumb");
    this.width = width(invocation.variable("COLUMNS"));
    thread.setDaemon(true);
    thread.start();
  }

  /** Columns as the shell exports them; without, the terminal cuts the line itself. */
  private static int width(String columns) {
    try {
      return Integer.parseInt(columns.strip());
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  private void draw() {
    try {
      while (!closed.await(terminal ? REDRAW_MILLIS : LOG_MILLIS, TimeUnit.MILLISECONDS)) {
        show();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void show() {
    if (terminal) {
      char spinner = SPINNER.charAt(turn++ % SPINNER.length());
      // The last column stays free: some terminals wrap when it is written.
      String text = ProgressText.of(stats, retries, width - 3);
      err.print(ERASE + CUT + spinner + " " + text + WRAP);
      err.flush();
    } else {
      err.println(ProgressText.plain(stats, retries));
    }
  }

  /** Prints something else where the line was; it comes again below. */
  synchronized void above(Runnable print) {
    erase();
    print.run();
  }

  private void erase() {
    if (terminal) {
      err.print(ERASE);
      err.flush();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      erase();
    } else {
      show();
    }
  }
}
