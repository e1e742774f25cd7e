package io.azcp.fs.mount;

import io.azcp.fs.fuse.MountTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a file system that was unmounted lives on, as far as /proc tells (mount_namespaces(7)): at
 * another mount point here, or in mount namespaces that were made while it was mounted.
 */
final class OtherPlaces {
  private static final Path PROC = Path.of("/proc");
  private static final int MOST = 8;

  private OtherPlaces() {}

  /** Mount points of this namespace, then one process of each other, at most eight in all. */
  static List<String> of(String device) throws IOException {
    List<String> found = new ArrayList<>(here(device));
    Set<String> seen = new HashSet<>();
    seen.add(namespace(PROC.resolve("self")));
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (found.size() < MOST && seen.add(namespace(process)) && sees(process, device)) {
          found.add(name(process) + " (" + process.getFileName() + ") in its mount namespace");
        }
      }
    }
    return found;
  }

  /** Mount points of this namespace. */
  static List<String> here(String device) throws IOException {
    return MountTable.read().stream()
        .filter(mount -> mount.device().equals(device))
        .map(MountTable.Mount::mountPoint)
        .limit(MOST)
        .toList();
  }

  private static boolean sees(Path process, String device) {
    try {
      return MountTable.of(Long.parseLong(process.getFileName().toString())).stream()
          .anyMatch(mount -> mount.device().equals(device));
    } catch (IOException e) {
      // It ended meanwhile, or belongs to somebody else.
      return false;
    }
  }

  /** The namespace's name; the process itself where it may not be looked at. */
  private static String namespace(Path process) {
    try {
      return Files.readSymbolicLink(process.resolve("ns/mnt")).toString();
    } catch (IOException e) {
      return process.toString();
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
