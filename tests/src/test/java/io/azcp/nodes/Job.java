package io.azcp.nodes;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A command that was started, and what it says, in files. Closing it ends it and all it started.
 */
public final class Job implements AutoCloseable {
  /** Longer than any job of a test takes on a busy machine. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  /**
   * What a finished job left.
   *
   * @param code its exit code
   */
  public record Ended(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit " + code + "\nstdout:\n" + out + "\nstderr:\n" + err;
    }
  }

  private Job(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts it with these variables besides this process' own, and no input. */
  public static Job start(List<String> command, Map<String, String> environment)
      throws IOException {
    return start(command, environment, Redirect.from(new File("/dev/null")));
  }

  /** The same with an input that ends with this job or this JVM. */
  public static Job serve(List<String> command, Map<String, String> environment)
      throws IOException {
    return start(command, environment, Redirect.PIPE);
  }

  private static Job start(List<String> command, Map<String, String> environment, Redirect input)
      throws IOException {
    Path out = Files.createTempFile("azcp-job", ".out");
    Path err = Files.createTempFile("azcp-job", ".err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(input)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Job(process, out, err);
  }

  static boolean onPath(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  /** What it has said so far. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** Waits until its standard output has this text; fails if it ends before. */
  public void awaitOut(String text) {
    await(out, text);
  }

  /** The same of its standard error. */
  public void awaitErr(String text) {
    await(err, text);
  }

  private void await(Path file, String text) {
    Awaitility.await(text)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              boolean alive = process.isAlive();
              if (Files.readString(file).contains(text)) {
                return true;
              }
              if (!alive) {
                throw new IllegalStateException("it ended without '" + text + "': " + end());
              }
              return false;
            });
  }

  /** Waits for its end. */
  public Ended end() throws IOException {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("it does not end: " + new Ended(-1, out(), Files.readString(err)));
      }
      return new Ended(process.exitValue(), out(), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws IOException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    Files.delete(out);
    Files.delete(err);
  }
}
