package io.azcp.bench.mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A container mounted with an empty cache, by a daemon of its own. Closing it unmounts. */
final class Mounted implements AutoCloseable {
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");
  private static final int USER_TIME = 13;
  private static final double TICKS = 100;

  private final Stage stage;
  private final Path root;
  private final long pid;
  private boolean killed;

  /** One that {@link Stage#mount} has mounted. */
  Mounted(Stage stage, Path root) throws IOException {
    this.stage = stage;
    this.root = root;
    this.pid = daemon(stage.folder("run"));
  }

  private static long daemon(Path runtime) throws IOException {
    try (Stream<Path> files = Files.list(runtime)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        Matcher found = PID.matcher(Files.readString(file));
        if (found.find()) {
          return Long.parseLong(found.group(1));
        }
      }
    }
    throw new IOException("no mount is registered in " + runtime);
  }

  /** The container's root. */
  Path root() {
    return root;
  }

  /** Where the daemon is asked. */
  Path socket() {
    return stage.folder("run").resolve(pid + ".sock");
  }

  /** CPU seconds of the daemon so far, proc(5). */
  double cpu() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // The name in brackets may hold blanks; the state behind it is field 3.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    int user = USER_TIME - 2;
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[user + 1])) / TICKS;
  }

  /** The most memory of the daemon so far, in MiB. */
  double peak() throws IOException {
    return status("VmHWM:");
  }

  /** The memory of the daemon now, in MiB. */
  double resident() throws IOException {
    return status("VmRSS:");
  }

  private double status(String key) throws IOException {
    List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
    String line = status.stream().filter(l -> l.startsWith(key)).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
  }

  /** Kills the daemon as a machine's out-of-memory killer does; the mount stays, dead. */
  void kill() {
    ProcessHandle.of(pid)
        .ifPresent(
            daemon -> {
              daemon.destroyForcibly();
              daemon.onExit().orTimeout(1, TimeUnit.MINUTES).join();
            });
    killed = true;
  }

  @Override
  public void close() throws IOException {
    if (killed) {
      return;
    }
    stage.azcp("umount", root.getParent().toString());
    ProcessHandle.of(pid)
        .ifPresent(daemon -> daemon.onExit().orTimeout(1, TimeUnit.MINUTES).join());
  }
}
