package io.azcp.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control group with a limit of memory, of version 2 or 1; root alone can make one. */
final class ControlGroup implements AutoCloseable {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private final Path folder;

  private ControlGroup(Path folder) {
    this.folder = folder;
  }

  /** Makes one. */
  static ControlGroup ofMemory(int mebibytes) throws IOException {
    boolean unified = Files.exists(ROOT.resolve("cgroup.controllers"));
    Path parent = unified ? ROOT : ROOT.resolve("memory");
    Path folder = parent.resolve("azcp-bench-" + ProcessHandle.current().pid());
    Files.createDirectory(folder);
    var group = new ControlGroup(folder);
    try {
      String limit = Long.toString((long) mebibytes << 20);
      Files.writeString(folder.resolve(unified ? "memory.max" : "memory.limit_in_bytes"), limit);
      return group;
    } catch (IOException e) {
      group.close();
      throw e;
    }
  }

  /** A command that runs inside of it. */
  List<String> inside(List<String> command) {
    var words = new ArrayList<>(List.of("sh", "-c", "echo $$ >\"$1\"; shift; exec \"$@\"", "sh"));
    words.add(folder.resolve("cgroup.procs").toString());
    words.addAll(command);
    return words;
  }

  @Override
  public void close() throws IOException {
    Files.delete(folder);
  }
}
