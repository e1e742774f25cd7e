package io.azcp.fs.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Who keeps a mount busy, as far as /proc tells (proc(5)): other users' processes are hidden. */
public final class Holders {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST = 8;

  private Holders() {}

  /**
   * Processes that work or have files open below a place, at most eight, as {@code bash (1234,
   * working directory /mnt/x)}.
   */
  public static List<String> of(String mountPoint) {
    List<String> holders = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        String how = holds(process, mountPoint);
        if (how != null && holders.size() < MOST) {
          holders.add(name(process) + " (" + process.getFileName() + ", " + how + ")");
        }
      }
    } catch (IOException e) {
      // Without /proc nobody can be named, and the mount is busy all the same.
      return holders;
    }
    return holders;
  }

  private static String holds(Path process, String mountPoint) {
    if (isBelow(process.resolve("cwd"), mountPoint)) {
      return "working directory " + target(process.resolve("cwd"));
    }
    if (isBelow(process.resolve("exe"), mountPoint)) {
      return "program " + target(process.resolve("exe"));
    }
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path fd : descriptors) {
        if (isBelow(fd, mountPoint)) {
          return "open file " + target(fd);
        }
      }
    } catch (IOException e) {
      // It ended meanwhile, or belongs to somebody else.
      return null;
    }
    return null;
  }

  private static boolean isBelow(Path link, String mountPoint) {
    return MountPlan.lies(target(link), mountPoint);
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "process";
    }
  }
}
