package io.azcp.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Paths as texts. Not {@link Path}, which cannot hold every name under every locale; only the
 * questions that need the disk ask it.
 */
final class Paths {
  private Paths() {}

  /** Takes out {@code .}, {@code ..}, repeated and trailing slashes; empty becomes {@code .}. */
  static String normalize(String path) {
    boolean absolute = path.startsWith("/");
    Deque<String> parts = new ArrayDeque<>();
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (!part.equals("..")) {
        parts.addLast(part);
      } else if (!parts.isEmpty() && !parts.getLast().equals("..")) {
        parts.removeLast();
      } else if (!absolute) {
        parts.addLast(part);
      }
    }
    String joined = String.join("/", parts);
    if (absolute) {
      return "/" + joined;
    }
    return joined.isEmpty() ? "." : joined;
  }

  /**
   * What is left of a normal path below a normal folder, by whole components: empty for the folder
   * itself, nothing for a path that lies elsewhere.
   */
  static Optional<String> below(String folder, String path) {
    if (path.equals(folder)) {
      return Optional.of("");
    }
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    return path.startsWith(prefix)
        ? Optional.of(path.substring(prefix.length()))
        : Optional.empty();
  }

  /** The folder that holds a path. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0) {
      return ".";
    }
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  /** Whether something lies at the path, links followed. */
  static boolean exists(String path) {
    try {
      return Files.exists(Path.of(path));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** The path with the links of its existing part resolved; as it is where that cannot be told. */
  static String real(String absolute) {
    String head = absolute;
    while (true) {
      try {
        String tail = absolute.substring(head.length());
        return normalize(Path.of(head).toRealPath() + "/" + tail);
      } catch (IOException e) {
        // Not there yet, or not to be seen: its parent may tell.
        if (head.equals("/")) {
          return absolute;
        }
        head = parent(head);
      } catch (InvalidPathException e) {
        return absolute;
      }
    }
  }
}
