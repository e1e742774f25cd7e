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

/**
 * The files below a directory, in the order of the directories themselves. Holds one open directory
 * a level and nothing else; temporaries of ours are not shown, symbolic links not followed.
 */
final class LocalWalk {
  /** Hears what is found. What it throws ends the walk. */
  interface Visitor {
    /** A regular file; its name is relative to the root of the walk. */
    void file(String name, Path path, BasicFileAttributes attributes) throws IOException;

    /** A symbolic link, socket, pipe or device. */
    void other(String name, Path path, BasicFileAttributes attributes) throws IOException;

    /** A directory or entry that could not be read. */
    void unreadable(String name, AzcpException failure) throws IOException;
  }

  private record Level(String prefix, DirectoryStream<Path> stream, Iterator<Path> entries) {}

  private final Visitor visitor;
  private final Deque<Level> levels = new ArrayDeque<>();

  private LocalWalk(Visitor visitor) {
    this.visitor = visitor;
  }

  /** Walks; a root that cannot be opened is thrown. */
  static void walk(Path root, Visitor visitor) throws IOException {
    var walk = new LocalWalk(visitor);
    try {
      walk.descend("", root);
    } catch (IOException e) {
      throw LocalFailure.of("cannot read the directory", root, e);
    }
    walk.run();
  }

  /** The stream is closed when its level is left. */
  @SuppressWarnings("StreamResourceLeak")
  private void descend(String prefix, Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    levels.push(new Level(prefix, stream, stream.iterator()));
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
      if (attributes.isDirectory()) {
        descend(name + "/", entry);
        return;
      }
    } catch (IOException e) {
      visitor.unreadable(name, LocalFailure.of("cannot read", entry, e));
      return;
    }
    if (attributes.isRegularFile()) {
      visitor.file(name, entry, attributes);
    } else {
      visitor.other(name, entry, attributes);
    }
  }
}
