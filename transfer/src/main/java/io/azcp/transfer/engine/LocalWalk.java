package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;

/**
 * The files below a directory, in the order of the directories themselves. Holds one open directory
 * a level and nothing else; temporaries of ours are not shown. Symbolic links are followed where
 * that is asked for, but never into a directory that the walk is in already: that has no end.
 */
final class LocalWalk {
  /** Hears what is found. What it throws ends the walk. */
  interface Visitor {
    /** A regular file; its name is relative to the root of the walk. */
    void file(String name, Path path, BasicFileAttributes attributes) throws IOException;

    /** A directory, before what it holds; not the root. */
    default void directory(String name, Path path, BasicFileAttributes attributes)
        throws IOException {}

    /**
     * A symbolic link that is not followed, a socket, pipe or device, or a directory that links led
     * to and that the walk is in already.
     */
    void other(String name, Path path, BasicFileAttributes attributes) throws IOException;

    /** A directory or entry that could not be read. */
    void unreadable(String name, AzcpException failure) throws IOException;
  }

  private record Level(
      String prefix, Object key, DirectoryStream<Path> stream, Iterator<Path> entries) {}

  private final Visitor visitor;
  private final boolean follow;
  private final Deque<Level> levels = new ArrayDeque<>();

  private LocalWalk(Visitor visitor, boolean follow) {
    this.visitor = visitor;
    this.follow = follow;
  }

  /** Walks without following links; a root that cannot be opened is thrown. */
  static void walk(Path root, Visitor visitor) throws IOException {
    walk(root, "", false, visitor);
  }

  /**
   * Walks; a root that cannot be opened is thrown.
   *
   * @param prefix what every name starts with; empty or ending in a slash
   * @param follow whether symbolic links are followed
   */
  static void walk(Path root, String prefix, boolean follow, Visitor visitor) throws IOException {
    var walk = new LocalWalk(visitor, follow);
    try {
      walk.descend(prefix, root, Files.readAttributes(root, BasicFileAttributes.class));
    } catch (IOException e) {
      throw LocalFailure.of("cannot read the directory", root, e);
    }
    walk.run();
  }

  /** The stream is closed when its level is left. */
  @SuppressWarnings("StreamResourceLeak")
  private void descend(String prefix, Path directory, BasicFileAttributes attributes)
      throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    levels.push(new Level(prefix, attributes.fileKey(), stream, stream.iterator()));
  }

  private void run() throws IOException {
    try {
      while (!levels.isEmpty()) {
        step(levels.peek());
      }
    } finally {
      for (Level level : levels) {
        level.stream().close();
      }
    }
  }

  private void step(Level level) throws IOException {
    Path entry;
    try {
      if (!level.entries().hasNext()) {
        levels.pop().stream().close();
        return;
      }
      entry = level.entries().next();
    } catch (DirectoryIteratorException e) {
      levels.pop().stream().close();
      String name = level.prefix().isEmpty() ? "." : level.prefix();
      visitor.unreadable(
          name, LocalFailure.of("cannot read the directory", Path.of(name), e.getCause()));
      return;
    }
    visit(level.prefix(), entry);
  }

  private void visit(String prefix, Path entry) throws IOException {
    String last;
    try {
      last = LocalPaths.name(entry);
    } catch (AzcpException e) {
      visitor.unreadable(prefix + LocalPaths.show(entry.getFileName()), e);
      return;
    }
    if (TemporaryFile.isTemporary(last)) {
      return;
    }
    String name = prefix + last;
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (follow && attributes.isSymbolicLink()) {
        attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      }
    } catch (IOException e) {
      visitor.unreadable(name, LocalFailure.of("cannot read", entry, e));
      return;
    }
    if (attributes.isDirectory()) {
      directory(name, entry, attributes);
    } else if (attributes.isRegularFile()) {
      visitor.file(name, entry, attributes);
    } else {
      visitor.other(name, entry, attributes);
    }
  }

  private void directory(String name, Path entry, BasicFileAttributes attributes)
      throws IOException {
    if (follow && isEntered(attributes.fileKey())) {
      visitor.other(name, entry, attributes);
      return;
    }
    try {
      descend(name + "/", entry, attributes);
    } catch (IOException e) {
      visitor.unreadable(name, LocalFailure.of("cannot read", entry, e));
      return;
    }
    visitor.directory(name, entry, attributes);
  }

  private boolean isEntered(Object key) {
    return levels.stream().anyMatch(level -> Objects.equals(level.key(), key));
  }
}
