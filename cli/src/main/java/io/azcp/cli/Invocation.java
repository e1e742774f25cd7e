package io.azcp.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a run of the program is given by its surroundings. Commands use nothing else of the process,
 * so that they run the same inside a test.
 *
 * @param env the environment
 * @param directory the working directory, absolute
 * @param in standard input
 * @param out where results go
 * @param err where progress, warnings and errors go
 * @param terminal whether {@code err} is a terminal
 * @param interactive whether {@code in} is one too, so that somebody can be asked
 * @param onSignal takes what must be done when the process is told to end; run by another thread,
 *     and waited for
 * @param halt ends the process at once with an exit code, from such an action: without it a signal
 *     ends the process with 128 + its number
 */
public record Invocation(
    Map<String, String> env,
    Path directory,
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean terminal,
    boolean interactive,
    Consumer<Runnable> onSignal,
    IntConsumer halt) {
  private static final int OUTPUT_BUFFER = 1 << 16;

  /** Makes the environment immutable. */
  public Invocation {
    env = Map.copyOf(env);
  }

  /** The surroundings of this process. Output is UTF-8 whatever the locale. */
  static Invocation ofProcess() {
    return new Invocation(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        new FileInputStream(FileDescriptor.in),
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER),
            false,
            StandardCharsets.UTF_8),
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.err), 1024),
            true,
            StandardCharsets.UTF_8),
        isTerminal("/proc/self/fd/2"),
        isTerminal("/proc/self/fd/2") && isTerminal("/proc/self/fd/0"),
        action -> Runtime.getRuntime().addShutdownHook(new Thread(action, "azcp-signal")),
        code -> Runtime.getRuntime().halt(code));
  }

  /** Java 17 tells only of a console that is standard input and output at once. */
  private static boolean isTerminal(String descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of(descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether one of these variables is set to something other than 0. */
  public boolean isOn(String... names) {
    for (String name : names) {
      String value = variable(name).strip();
      if (!value.isEmpty()) {
        return !value.equals("0");
      }
    }
    return false;
  }

  /** A variable, or the empty string. */
  public String variable(String name) {
    return env.getOrDefault(name, "");
  }
}
