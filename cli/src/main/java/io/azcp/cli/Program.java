package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.List;

/** A program of the user's, at his terminal. */
final class Program {
  private Program() {}

  /** Runs it to its end, however long the user takes, and answers its exit code. */
  static int run(Invocation invocation, List<String> command) throws IOException {
    invocation.out().flush();
    var builder = new ProcessBuilder(command).directory(invocation.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(invocation.env());
    Process process;
    try {
      process = builder.inheritIO().start();
    } catch (IOException e) {
      throw new AzcpException(
          Errno.ENOENT, "cannot run " + command.get(0) + ": " + e.getMessage(), e);
    }
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while " + command.get(0) + " ran", e);
    }
  }
}
