package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Moves out of the way what lies where a cached file has to go: a foreign file; a file whose name
 * is now a folder's, or the other way round. It goes to {@code .azcp/foreign/<number>/} under its
 * own path; cached files among it are dropped, since the service has them, and nothing else ever
 * is.
 */
final class Displaced {
  private static final int FOLDER_MODE = 0700;
  private static final AtomicLong SERIAL = new AtomicLong();

  private final Layout layout;
  private final WholeFiles wholes;

  Displaced(Layout layout, WholeFiles wholes) {
    this.layout = layout;
    this.wholes = wholes;
  }

  /** Makes the folders above a path, moving aside the first file that stands in for one. */
  void clearParents(String path) throws IOException {
    String parent = path.substring(0, path.lastIndexOf('/'));
    while (true) {
      try {
        Files.mkdirs(parent, FOLDER_MODE);
        return;
      } catch (PosixException e) {
        if (e.errno() != Errno.ENOTDIR && e.errno() != Errno.EEXIST) {
          throw e;
        }
        moveAsideFileAbove(path);
      }
    }
  }

  private void moveAsideFileAbove(String path) throws IOException {
    int slash = layout.folder().length();
    while ((slash = path.indexOf('/', slash + 1)) > 0) {
      String ancestor = path.substring(0, slash);
      if (!Files.exists(ancestor)) {
        return;
      }
      if (!Files.lstat(ancestor).isDirectory()) {
        moveAside(ancestor);
        return;
      }
    }
  }

  /**
   * Moves a file or folder away. Whoever puts a file in its place before its mark holds this
   * object's monitor meanwhile, so that the file is not taken for a foreign one.
   */
  synchronized void moveAside(String path) throws IOException {
    if (dropCached(path, path)) {
      return;
    }
    String relative = path.substring(layout.folder().length());
    String number = System.currentTimeMillis() + "-" + SERIAL.incrementAndGet();
    String target = layout.state("foreign") + "/" + number + relative;
    Files.mkdirs(target.substring(0, target.lastIndexOf('/')), FOLDER_MODE);
    dropCachedBelow(path, path);
    try {
      Files.rename(path, target);
      // What was published there in between.
      dropCachedBelow(target, path);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    removeEmptyBelow(layout.state("foreign") + "/" + number);
  }

  /** Drops a cached file that lies, or lay, at a place; false when it is anything else. */
  private boolean dropCached(String path, String place) throws IOException {
    if (!Files.exists(path) || !Files.lstat(path).isRegular()) {
      return false;
    }
    Optional<WholeFiles.Found> there = wholes.inspectMoved(path, place);
    if (there.isEmpty()) {
      return false;
    }
    var found = there.get();
    if (found.trust() == WholeFiles.Trust.FOREIGN) {
      found.close();
      return false;
    }
    wholes.removals().discard(found);
    return true;
  }

  private void dropCachedBelow(String folder, String place) throws IOException {
    if (!Files.exists(folder) || !Files.lstat(folder).isDirectory()) {
      return;
    }
    Directory.read(
        folder,
        (name, type, inode) -> {
          if (type == Directory.Type.DIRECTORY) {
            dropCachedBelow(folder + "/" + name, place + "/" + name);
          } else if (type == Directory.Type.FILE) {
            dropCached(folder + "/" + name, place + "/" + name);
          }
          return true;
        });
  }

  /** Removes a tree of folders as far as they are empty. */
  private void removeEmptyBelow(String folder) throws IOException {
    var folders = new ArrayList<String>();
    Directory.read(
        folder,
        (name, type, inode) -> {
          if (type == Directory.Type.DIRECTORY) {
            folders.add(folder + "/" + name);
          }
          return true;
        });
    for (String child : folders) {
      removeEmptyBelow(child);
    }
    removeIfEmpty(folder);
  }

  /** Removes the folders above a path that have become empty. */
  void removeEmptyParents(String path) {
    int slash = path.lastIndexOf('/');
    while (slash > layout.folder().length() && removeIfEmpty(path.substring(0, slash))) {
      slash = path.lastIndexOf('/', slash - 1);
    }
  }

  private static boolean removeIfEmpty(String folder) {
    try {
      Files.rmdir(folder);
      return true;
    } catch (PosixException stillUsed) {
      // Not empty, or another process was quicker.
      return false;
    }
  }
}
