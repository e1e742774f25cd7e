package io.azcp.transfer.identity;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a command printed that has ended. Printing one never shows it.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
record CommandOutput(int code, String out, String err) {
  /** No answer about a token is larger. */
  private static final int LARGEST = 1 << 20;

  /** Reads one of the outputs on a thread of its own, so that neither blocks the other. */
  private static final class Reader extends Thread {
    private final InputStream in;
    private volatile String text = "";

    Reader(InputStream in) {
      super("azcp-az-output");
      this.in = in;
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try (in) {
        text = new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
      } catch (IOException e) {
        // The command was ended while it was read; its exit code says so.
        text = "";
      }
    }
  }

  /**
   * Runs a command without a shell and without input.
   *
   * @param environment all of it
   * @throws IOException where it cannot be started, or did not end in time and was killed
   */
  static CommandOutput of(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    long end = System.nanoTime() + limit.toNanos();
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      Reader out = new Reader(process.getInputStream());
      Reader err = new Reader(process.getErrorStream());
      boolean ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
      for (Reader reader : List.of(out, err)) {
        reader.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
        ended &= !reader.isAlive();
      }
      if (!ended) {
        throw new IOException("the command did not end within " + limit.toSeconds() + " s");
      }
      return new CommandOutput(process.exitValue(), out.text, err.text);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return "CommandOutput[" + code + "]";
  }
}
