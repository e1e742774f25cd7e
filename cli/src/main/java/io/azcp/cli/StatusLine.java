package io.azcp.cli;

/** One line on a terminal that is written over again and again; nothing where there is none. */
final class StatusLine implements AutoCloseable {
  private static final long EVERY_NANOS = 200_000_000L;

  private final Invocation invocation;
  private long last;
  private int width;

  StatusLine(Invocation invocation) {
    this.invocation = invocation;
    this.last = System.nanoTime() - EVERY_NANOS;
  }

  /** Shows a text, at most five times a second. */
  void show(String text) {
    long now = System.nanoTime();
    if (!invocation.terminal() || now - last < EVERY_NANOS) {
      return;
    }
    last = now;
    print(text);
    width = text.length();
  }

  private void print(String text) {
    invocation.err().print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    invocation.err().flush();
  }

  /** Clears the line. */
  @Override
  public void close() {
    if (width > 0) {
      print("");
      invocation.err().print("\r");
      invocation.err().flush();
      width = 0;
    }
  }
}
