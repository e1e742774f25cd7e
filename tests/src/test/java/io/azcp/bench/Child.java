package io.azcp.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * A command run for its cost, as the kernel counted it (wait4(2)). A process started by a JVM
 * counts the JVM's own peak memory as its own, since both shared it until the exec; so a small
 * shell starts the command in the background and ends, and the kernel gives the orphan to this
 * process.
 */
final class Child {
  /** {@code PR_SET_CHILD_SUBREAPER} of linux/prctl.h. */
  private static final int SUBREAPER = 36;

  /** struct rusage on 64-bit Linux: two times, each seconds and microseconds, then the peak. */
  private static final int RUSAGE_BYTES = 144;

  private static final int PEAK_OFFSET = 32;

  /** The C library's functions; their parameters as in their manual pages. */
  public interface Calls {
    int prctl(int option, long a, long b, long c, long d);

    int wait4(int pid, long status, int options, long usage);
  }

  private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

  /**
   * What a command cost.
   *
   * @param exit its exit code, or 128 and the signal's number
   * @param cpu seconds of user and system time
   * @param wall seconds from start to end
   * @param peak the most memory it had, in MiB
   */
  record Cost(int exit, double cpu, double wall, double peak) {}

  private Child() {}

  /**
   * Runs a command to its end.
   *
   * @param out takes its standard output
   * @param err takes its standard error
   * @param limit after this time it is killed
   */
  static Cost run(
      List<String> command, Map<String, String> environment, Path out, Path err, Duration limit)
      throws IOException {
    CALLS.prctl(SUBREAPER, 1, 0, 0, 0);
    var words =
        new ArrayList<>(
            List.of("sh", "-c", "o=$1 e=$2; shift 2; \"$@\" >\"$o\" 2>\"$e\" & echo $!", "sh"));
    words.add(out.toString());
    words.add(err.toString());
    words.addAll(command);
    var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process shell = builder.start();
    String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    int pid = Integer.parseInt(answer.strip());
    var killer =
        CompletableFuture.runAsync(
            () -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly),
            CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return await(pid, shell, start);
    } finally {
      killer.cancel(false);
    }
  }

  private static Cost await(int pid, Process shell, long start) throws IOException {
    ByteBuffer status = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
    ByteBuffer usage = ByteBuffer.allocateDirect(RUSAGE_BYTES).order(ByteOrder.nativeOrder());
    try {
      // The command is the shell's child until the shell has ended.
      shell.waitFor();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    if (CALLS.wait4(pid, address(status), 0, address(usage)) != pid) {
      throw new IOException("the kernel did not tell what process " + pid + " cost");
    }
    double wall = (System.nanoTime() - start) / 1e9;
    int code = status.getInt(0);
    int signal = code & 0x7f;
    return new Cost(
        signal == 0 ? code >> 8 : 128 + signal,
        seconds(usage, 0) + seconds(usage, 16),
        wall,
        usage.getLong(PEAK_OFFSET) / 1024.0);
  }

  private static double seconds(ByteBuffer usage, int at) {
    return usage.getLong(at) + usage.getLong(at + 8) / 1e6;
  }

  private static long address(ByteBuffer direct) {
    return Pointer.wrap(Runtime.getRuntime(CALLS), direct).address();
  }

  /** The end of a file, for messages. */
  static String tail(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }
}
