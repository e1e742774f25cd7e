package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The directories a download writes to. Each is made where it is missing, and looked through for
 * what killed runs have left where it is not. Where the job restores symbolic links, every part of
 * the path below the destination must be a directory itself: a blob {@code link/passwd} must not be
 * written through a link that another blob has made, in this run or an earlier one. A part that was
 * found to be a directory stays one, because a link never replaces a directory.
 *
 * <p>The last directories are remembered; a walk seldom comes back to others. Thread-safe.
 */
final class Directories {
  private static final int REMEMBERED = 4096;

  private final Path root;
  private final boolean strict;
  private final Leftovers leftovers;

  /** The one that was ready last: files come directory by directory. */
  private volatile Path last;

  private final Map<Path, Boolean> ready =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Directories of one job.
   *
   * @param root the destination, which may itself be reached through links
   * @param strict whether links below it are refused
   * @param leftovers what is found in them
   */
  Directories(Path root, boolean strict, Leftovers leftovers) {
    this.root = root.toAbsolutePath();
    this.strict = strict;
    this.leftovers = leftovers;
  }

  /** Makes a directory ready to be written to. */
  void prepare(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath();
    if (absolute.equals(last) || isReady(absolute)) {
      last = absolute;
      return;
    }
    boolean below = strict && !absolute.equals(root) && absolute.startsWith(root);
    if (below) {
      prepare(absolute.getParent());
    }
    if (!make(absolute, below)) {
      leftovers.look(absolute);
    }
    synchronized (ready) {
      ready.put(absolute, true);
    }
  }

  private boolean isReady(Path directory) {
    synchronized (ready) {
      return ready.get(directory) != null;
    }
  }

  /** Whether it was missing. */
  private boolean make(Path directory, boolean noLink) throws IOException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      checkDirectory(directory, noLink);
      return false;
    } catch (NoSuchFileException e) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw e;
      }
      prepare(parent);
      return makeBelow(directory, noLink);
    }
  }

  private static boolean makeBelow(Path directory, boolean noLink) throws IOException {
    try {
      Files.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException e) {
      checkDirectory(directory, noLink);
      return false;
    }
  }

  private static void checkDirectory(Path directory, boolean noLink) throws IOException {
    if (noLink && Files.isSymbolicLink(directory)) {
      throw new AzcpException(
          Errno.ELOOP,
          LocalPaths.show(directory)
              + " is a symbolic link; with --preserve-symlinks nothing is written through one");
    }
    boolean is =
        noLink
            ? Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
            : Files.isDirectory(directory);
    if (!is) {
      throw new NotDirectoryException(LocalPaths.show(directory));
    }
  }
}
