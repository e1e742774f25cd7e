package io.azcp.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands inside the test's own process, as a shell would see them. */
public final class CliRunner {
  private final Path directory;
  private final Map<String, String> env = new HashMap<>();
  private final List<Runnable> signalActions = new ArrayList<>();
  private final List<Integer> halted = new ArrayList<>();
  private byte[] input = new byte[0];
  private boolean terminal;

  /** Commands run in this working directory, with an empty environment. */
  public CliRunner(Path directory) {
    this.directory = directory;
  }

  /** Sets a variable for the runs that follow. */
  public CliRunner with(String variable, String value) {
    env.put(variable, value);
    return this;
  }

  /** What the runs that follow read from standard input. */
  public CliRunner typing(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  /** From now on standard input and standard error are a terminal. */
  public CliRunner atATerminal() {
    terminal = true;
    return this;
  }

  /** Runs {@code azcp ARGS…}. */
  public Result run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code;
    try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      code =
          Azcp.run(
              new Invocation(
                  env,
                  directory,
                  new ByteArrayInputStream(input),
                  outStream,
                  errStream,
                  terminal,
                  terminal,
                  signalActions::add,
                  halted::add),
              args);
    }
    return new Result(
        code,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8),
        out.toByteArray());
  }

  /** Does what the commands so far asked to be done when a signal ends the process. */
  public void signal() {
    signalActions.forEach(Runnable::run);
  }

  /** The exit codes with which signals ended commands. */
  public List<Integer> halted() {
    return halted;
  }

  /**
   * What a run did.
   *
   * @param code the exit code
   * @param out everything on standard output
   * @param err everything on standard error
   * @param bytes standard output as it is
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Result(int code, String out, String err, byte[] bytes) {
    /** Lines of standard output. */
    public List<String> lines() {
      return out.lines().toList();
    }
  }
}
