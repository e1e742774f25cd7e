package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.engine.sync.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Removes files of this machine that are as they were listed, and the directories that are empty
 * then. Never through a symbolic link.
 */
final class LocalRemoval implements SyncRemoval {
  private final SyncJob job;
  private final Path root;

  /** Where the last file was removed; the root before the first. */
  private Path directory;

  LocalRemoval(SyncJob job, Path root) {
    this.job = job;
    this.root = root;
    this.directory = root;
  }

  @Override
  public String shown(Entry entry) {
    return entry.name();
  }

  @Override
  public void remove(Entry entry) throws IOException {
    Path path = LocalPaths.resolve(root, entry.name());
    job.attempt(
        entry.name(),
        () -> {
          try {
            enter(path.getParent());
            removeFile(entry, path);
          } catch (NoSuchFileException e) {
            job.removed(entry, entry.name());
          } catch (IOException e) {
            throw LocalFailure.of("cannot delete", path, e);
          }
        });
  }

  private void enter(Path parent) throws IOException {
    if (parent.equals(directory)) {
      return;
    }
    removeEmptied();
    Path below = root.relativize(parent);
    if (!parent.toRealPath().equals(root.toRealPath().resolve(below))) {
      throw new AzcpException(
          Errno.ESTALE,
          LocalPaths.show(parent) + " became a symbolic link; what lies there is not deleted");
    }
    directory = parent;
  }

  private void removeFile(Entry entry, Path path) throws IOException {
    var now = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    boolean same =
        !now.isDirectory()
            && now.size() == entry.length()
            && now.lastModifiedTime().toMillis() == entry.modified();
    if (!same) {
      throw new AzcpException(
          Errno.ESTALE, entry.name() + " was changed after it was listed and is not deleted");
    }
    Files.delete(path);
    job.removed(entry, entry.name());
  }

  @Override
  public void finish() {
    removeEmptied();
  }

  /** The directory that was left, and those above it, as far as they are empty. */
  private void removeEmptied() {
    Path empty = directory;
    directory = root;
    try {
      while (!empty.equals(root)) {
        Files.delete(empty);
        empty = empty.getParent();
      }
    } catch (IOException e) {
      // Something is still there, or the directory is not ours to remove: it stays.
      return;
    }
  }
}
