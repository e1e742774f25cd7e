package io.azcp.fs.fuse;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.Mounts;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The directory a file system is mounted on. */
public final class MountPoint {
  private MountPoint() {}

  /**
   * Makes sure that the path can be mounted on, after unmounting a dead mount of ours there.
   *
   * @return the directory's path without links
   * @throws AzcpException {@code ENOENT}, {@code ENOTDIR}, {@code EBUSY} where a mount of ours
   *     serves already, or what looking at it failed with
   */
  public static String prepare(String path) throws IOException {
    DeadMount.clear(path);
    Stat stat;
    try {
      stat = Files.stat(path);
    } catch (PosixException e) {
      String why =
          e.errno() == Errno.ENOENT
              ? "it does not exist; create the directory first"
              : e.errno().text();
      throw new AzcpException(e.errno(), "cannot mount on " + path + ": " + why, e);
    }
    if (!stat.isDirectory()) {
      throw new AzcpException(
          Errno.ENOTDIR, "cannot mount on " + path + ": it is not a directory; give a directory");
    }
    return free(canonical(path));
  }

  private static String free(String canonical) throws IOException {
    if (MountTable.at(canonical).filter(MountTable.Mount::isOurs).isPresent()) {
      throw new AzcpException(
          Errno.EBUSY,
          "cannot mount on "
              + canonical
              + ": it is mounted already; unmount it first with: azcp umount "
              + canonical);
    }
    return canonical;
  }

  /**
   * The path without links, as the mount table shows it. The last component is not looked at: a
   * dead mount answers nothing.
   */
  public static String canonical(String path) {
    try {
      Path absolute = Path.of(path).toAbsolutePath().normalize();
      if (java.nio.file.Files.isSymbolicLink(absolute)) {
        return absolute.toRealPath().toString();
      }
      Path parent = absolute.getParent();
      return parent == null
          ? absolute.toString()
          : parent.toRealPath().resolve(absolute.getFileName()).toString();
    } catch (IOException | InvalidPathException e) {
      // What does not exist is told by whoever uses the path next.
      return path;
    }
  }

  /**
   * Unmounts what is mounted at the path: umount2(2) as root, else fusermount3.
   *
   * @param lazy detaches it at once; it ends when its last file is closed
   * @throws AzcpException {@code EBUSY} while it is in use and not {@code lazy}
   */
  public static void unmount(String path, boolean lazy) throws IOException {
    if (Identity.euid() != 0) {
      Fusermount.unmount(path, lazy);
      return;
    }
    try {
      Mounts.unmount(path, lazy ? Mounts.MNT_DETACH : 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.EBUSY) {
        throw busy(path, e);
      }
      throw new AzcpException(
          e.errno(), "cannot unmount " + path + ": " + e.errno().text() + "; is it mounted?", e);
    }
  }

  static AzcpException busy(String path, IOException cause) {
    return new AzcpException(
        Errno.EBUSY,
        "cannot unmount "
            + path
            + ": it is in use; close its files and leave its folders, or unmount lazily",
        cause);
  }
}
