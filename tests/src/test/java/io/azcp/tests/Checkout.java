package io.azcp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built program of this checkout, started as a user starts it: through {@code bin/azcp}. */
final class Checkout {
  private static final long LIMIT_SECONDS = 300;

  private Checkout() {}

  /** What a finished command left. */
  record Result(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit " + code + "\nstdout:\n" + out + "\nstderr:\n" + err;
    }
  }

  /** The folder that holds {@code bin/azcp}. */
  static Path root() {
    Path p = Path.of("").toAbsolutePath();
    while (p != null && !Files.exists(p.resolve("bin/azcp"))) {
      p = p.getParent();
    }
    if (p == null) {
      throw new IllegalStateException("no bin/azcp above " + Path.of("").toAbsolutePath());
    }
    return p;
  }

  /** Runs {@code azcp} to its end. */
  static Result azcp(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(root().resolve("bin/azcp").toString()));
    command.addAll(Arrays.asList(arguments));
    return run(folder, environment, command);
  }

  /** Starts {@code azcp}; what it says goes to the files. */
  static Process start(
      Path folder, Map<String, String> environment, Path out, Path err, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(root().resolve("bin/azcp").toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = builder(folder, environment, command);
    return builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  private static ProcessBuilder builder(
      Path folder, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("AZCP_JAVA", System.getProperty("java.home") + "/bin/java");
    return builder;
  }

  /** Runs a command to its end; one that does not end within five minutes is killed. */
  static Result run(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("azcp-test", ".out");
      Path err = Files.createTempFile("azcp-test", ".err");
      try {
        ProcessBuilder builder = builder(folder, environment, command);
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor();
        }
        String note = ended ? "" : "\n(killed after " + LIMIT_SECONDS + " s)";
        int code = ended ? process.exitValue() : -1;
        return new Result(code, Files.readString(out) + note, Files.readString(err));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
