package io.azcp.fs.writeback;

import io.azcp.base.posix.Files;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * How much memory a file system in memory may take: its size, or what the control groups of this
 * process allow (memory.max of version 2, memory.limit_in_bytes of version 1) where that is less.
 */
final class MachineMemory {
  private static final String GROUPS = "/proc/self/cgroup";
  private static final String TREE = "/sys/fs/cgroup";

  private MachineMemory() {}

  /** Bytes; 0 where there is no such file system. */
  static long bytes(String fileSystem) {
    try {
      return Math.min(Files.space(fileSystem).totalBytes(), groups());
    } catch (IOException e) {
      return 0;
    }
  }

  private static long groups() {
    long least = Long.MAX_VALUE;
    for (String line : read(Path.of(GROUPS)).lines().toList()) {
      String[] parts = line.split(":", 3);
      boolean unified = line.startsWith("0::");
      if (unified) {
        least = Math.min(least, above(TREE, parts[2], "memory.max"));
      } else if (parts.length == 3 && parts[1].equals("memory")) {
        least = Math.min(least, above(TREE + "/memory", parts[2], "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  /** The least limit of a group and of those above it. */
  private static long above(String tree, String group, String file) {
    long least = Long.MAX_VALUE;
    String at = group;
    while (true) {
      String text = read(Path.of(tree + at, file));
      if (text.matches("[0-9]{1,18}")) {
        least = Math.min(least, Long.parseLong(text));
      }
      if (at.isEmpty() || at.equals("/")) {
        return least;
      }
      at = at.substring(0, at.lastIndexOf('/'));
    }
  }

  private static String read(Path file) {
    try {
      return java.nio.file.Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException absent) {
      return "";
    }
  }
}
