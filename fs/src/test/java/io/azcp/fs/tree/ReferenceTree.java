package io.azcp.fs.tree;

import io.azcp.base.Errno;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file tree as a map of paths: what the real one must agree with. */
final class ReferenceTree {
  private static final String DIRECTORY = "/";
  private static final String LINK = "->";

  /** Path to content: a file's text after a colon, a link's target after an arrow, a slash. */
  private final TreeMap<String, String> nodes = new TreeMap<>(Map.of("", DIRECTORY));

  private static MountedTree.Failed failed(Errno errno) {
    return new MountedTree.Failed(errno);
  }

  private String find(String path) {
    return nodes.get(path);
  }

  private boolean isDirectory(String path) {
    return DIRECTORY.equals(find(path));
  }

  private void parentOf(String path) {
    String at = "";
    String directory = Paths.parent(path);
    for (String part : directory.isEmpty() ? new String[0] : directory.split("/", -1)) {
      at = Paths.join(at, part);
      if (find(at) == null) {
        throw failed(Errno.ENOENT);
      }
      if (!isDirectory(at)) {
        throw failed(Errno.ENOTDIR);
      }
    }
  }

  private String existing(String path) {
    parentOf(path);
    String node = find(path);
    if (node == null) {
      throw failed(Errno.ENOENT);
    }
    return node;
  }

  private boolean hasChildren(String path) {
    String below = path + "/";
    String next = nodes.higherKey(below);
    return next != null && next.startsWith(below);
  }

  void write(String path, String text) {
    parentOf(path);
    if (isDirectory(path)) {
      throw failed(Errno.EISDIR);
    }
    nodes.put(path, ":" + text);
  }

  void append(String path, String text) {
    if (isDirectoryOrLink(existing(path))) {
      throw failed(Errno.EISDIR);
    }
    nodes.merge(path, text, String::concat);
  }

  private static boolean isDirectoryOrLink(String node) {
    return node.equals(DIRECTORY) || node.startsWith(LINK);
  }

  boolean isFile(String path) {
    String node = find(path);
    return node != null && node.startsWith(":");
  }

  boolean isLink(String path) {
    String node = find(path);
    return node != null && node.startsWith(LINK);
  }

  void truncate(String path, int length) {
    String node = existing(path);
    if (node.equals(DIRECTORY)) {
      throw failed(Errno.EISDIR);
    }
    String text = node.substring(1);
    nodes.put(
        path,
        ":"
            + (text.length() > length
                ? text.substring(0, length)
                : text + "\0".repeat(length - text.length())));
  }

  void mkdir(String path) {
    absent(path);
    nodes.put(path, DIRECTORY);
  }

  void symlink(String path, String target) {
    absent(path);
    nodes.put(path, LINK + target);
  }

  private void absent(String path) {
    parentOf(path);
    if (find(path) != null) {
      throw failed(Errno.EEXIST);
    }
  }

  void unlink(String path) {
    if (existing(path).equals(DIRECTORY)) {
      throw failed(Errno.EISDIR);
    }
    nodes.remove(path);
  }

  void rmdir(String path) {
    if (!existing(path).equals(DIRECTORY)) {
      throw failed(Errno.ENOTDIR);
    }
    if (hasChildren(path)) {
      throw failed(Errno.ENOTEMPTY);
    }
    nodes.remove(path);
  }

  void rename(String from, String to, boolean noReplace) {
    parentOf(from);
    parentOf(to);
    String node = existing(from);
    boolean directory = node.equals(DIRECTORY);
    if (directory && to.startsWith(from + "/")) {
      throw failed(Errno.EINVAL);
    }
    String target = find(to);
    if (directory && isDirectory(to) && !from.equals(to) && hasChildren(to)) {
      throw failed(Errno.ENOTEMPTY);
    }
    if (target != null && noReplace) {
      throw failed(Errno.EEXIST);
    }
    if (isDirectory(to) && !directory) {
      throw failed(Errno.EISDIR);
    }
    if (target != null && !isDirectory(to) && directory) {
      throw failed(Errno.ENOTDIR);
    }
    if (!from.equals(to)) {
      move(from, to);
    }
  }

  private void move(String from, String to) {
    Map<String, String> moved = new TreeMap<>();
    nodes
        .entrySet()
        .removeIf(
            e -> {
              boolean below = e.getKey().equals(from) || e.getKey().startsWith(from + "/");
              if (below) {
                moved.put(to + e.getKey().substring(from.length()), e.getValue());
              }
              return below;
            });
    nodes.putAll(moved);
  }

  /** The names of a directory. */
  List<String> list(String path) {
    if (!existing(path).equals(DIRECTORY)) {
      throw failed(Errno.ENOTDIR);
    }
    String below = path.isEmpty() ? "" : path + "/";
    return nodes.keySet().stream()
        .filter(n -> !n.isEmpty() && n.startsWith(below) && !n.equals(path))
        .map(n -> n.substring(below.length()))
        .filter(n -> n.indexOf('/') < 0)
        .sorted()
        .toList();
  }

  /** Everything, path by path. */
  Map<String, String> everything() {
    return nodes;
  }

  /** The same of a mounted tree. */
  static Map<String, String> everything(MountedTree fs) {
    Map<String, String> all = new TreeMap<>(Map.of("", DIRECTORY));
    collect(fs, "", all);
    return all;
  }

  private static void collect(MountedTree fs, String directory, Map<String, String> all) {
    for (String part : fs.list(directory, 3, true)) {
      String path = Paths.join(directory, part);
      int type = fs.stat(path).mode() & 0170000;
      if (type == 0040000) {
        all.put(path, DIRECTORY);
        collect(fs, path, all);
      } else if (type == 0120000) {
        all.put(path, LINK + fs.readlink(path));
      } else {
        all.put(path, ":" + fs.readFile(path));
      }
    }
  }
}
