package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;

/** Where things lie in a cache folder, and the checks that the folder can be one. */
final class Layout {
  /** Below the folder: everything that is not a cached file. */
  static final String STATE = ".azcp";

  private static final String[] FOLDERS = {
    "partial", "dirty", "locks", "marks", "pins", "held", "foreign", "recovered", "jobs"
  };
  private static final int PRIVATE_FOLDER = 0700;
  private static final int OTHERS = 0077;

  private final String folder;

  private Layout(String folder) {
    this.folder = folder;
  }

  /** Makes what is missing and proves that the folder can be used. */
  static Layout prepare(String folder) throws AzcpException {
    var layout = new Layout(folder);
    try {
      Files.mkdirs(folder, PRIVATE_FOLDER);
      Stat stat = Files.stat(folder);
      if (stat.uid() != Identity.euid() && Identity.euid() != 0) {
        throw new AzcpException(
            Errno.EACCES,
            "The cache folder "
                + folder
                + " belongs to another user; choose a folder of your own with 'cache'.");
      }
      if ((stat.mode() & OTHERS) != 0) {
        Files.chmod(folder, PRIVATE_FOLDER);
      }
      for (String sub : FOLDERS) {
        Files.mkdirs(layout.state(sub), PRIVATE_FOLDER);
      }
      layout.proveLocks();
    } catch (PosixException e) {
      throw unusable(folder, e);
    }
    return layout;
  }

  private void proveLocks() throws AzcpException {
    String path = state("locks") + "/probe";
    int first = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
    try {
      int second = Fd.open(path, Fd.O_RDWR, 0);
      try {
        // A byte of our own, so that processes that start together do not meet.
        long at = ProcessHandle.current().pid() << 20 | (System.nanoTime() & 0xfffff);
        boolean works = OfdLock.tryExclusive(first, at, 1) && !OfdLock.tryExclusive(second, at, 1);
        if (!works) {
          throw noLocks();
        }
      } catch (PosixException e) {
        throw noLocks();
      } finally {
        Fd.close(second);
      }
    } finally {
      Fd.close(first);
    }
  }

  private AzcpException noLocks() {
    return new AzcpException(
        Errno.EOPNOTSUPP,
        "The file system of the cache folder "
            + folder
            + " has no open-file-description locks; choose a folder on a local disk with 'cache'.");
  }

  private static AzcpException unusable(String folder, PosixException e) {
    String what =
        switch (e.errno()) {
          case EACCES, EPERM -> "cannot be written: permission denied; choose another with 'cache'";
          case EROFS -> "lies on a read-only file system; choose another with 'cache'";
          case ENOSPC, EDQUOT -> "cannot be used: its disk is full; free some space";
          case ENOTDIR, EEXIST -> "cannot be made: a part of its path is a file";
          default -> "cannot be used: " + e.getMessage();
        };
    return new AzcpException(e.errno(), "The cache folder " + folder + " " + what + ".", e);
  }

  String folder() {
    return folder;
  }

  /** A folder of the cache's own state. */
  String state(String sub) {
    return folder + "/" + STATE + "/" + sub;
  }

  /** Where a whole file lies. */
  String whole(String name) {
    return folder + "/" + CacheNames.path(name);
  }

  /** The sparse data of a partial file. */
  String partial(String name, String etag) {
    return state("partial") + "/" + partialPrefix(name) + CacheNames.hash(etag).substring(0, 24);
  }

  /** What the partial files of every version of a name begin with. */
  static String partialPrefix(String name) {
    return CacheNames.hash(name).substring(0, 32) + "-";
  }
}
