package io.azcp.fs.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Other processes that use a mount: what a test does through the kernel from outside. */
public final class Shell {
  private static final long LIMIT_SECONDS = 60;

  private Shell() {}

  /**
   * What a command did.
   *
   * @param status its exit status
   * @param output its standard output and error, stripped
   */
  public record Result(int status, String output) {}

  /** Runs {@code sh -c script} with {@code $1}, {@code $2}, … and waits for its end. */
  public static Result sh(String script, Object... arguments)
      throws IOException, InterruptedException {
    return await(start(script, arguments));
  }

  /** Starts the same. */
  public static Process start(String script, Object... arguments) throws IOException {
    String[] command = new String[4 + arguments.length];
    command[0] = "sh";
    command[1] = "-c";
    command[2] = script;
    command[3] = "sh";
    for (int i = 0; i < arguments.length; i++) {
      command[4 + i] = arguments[i].toString();
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  /** Waits for a process and answers what it said. */
  public static Result await(Process process) throws IOException, InterruptedException {
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1).strip();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("still running after " + LIMIT_SECONDS + " s: " + output);
    }
    return new Result(process.exitValue(), output);
  }

  /** Whether a program is on the PATH. */
  public static boolean has(String program) throws IOException, InterruptedException {
    return sh("command -v \"$1\"", program).status() == 0;
  }
}
