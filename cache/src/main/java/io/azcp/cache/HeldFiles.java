package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;

/**
 * Whole files on their way out: {@code .azcp/held}, each called by its inode. A deleted file takes
 * of the disk for as long as anybody has it open or mapped, unseen by every count. So a file that
 * leaves its place comes here first, stays counted, and is deleted when nobody has it open: at once
 * as a rule, else with the last close or, where that was another process's, soon after.
 * Thread-safe.
 */
final class HeldFiles {
  private static final long BLOCK = 512;

  private final String folder;
  private final MarkStore marks;
  private final Occupancy occupancy;

  HeldFiles(Layout layout, MarkStore marks, Occupancy occupancy) {
    this.folder = layout.state("held");
    this.marks = marks;
    this.occupancy = occupancy;
  }

  /** Moves a file here from its place; false where it is gone from there. */
  boolean take(WholeFiles.Found found) throws IOException {
    try {
      occupancy.moved(found.bytes());
      Files.rename(found.path(), place(found.stat().inode()));
      return true;
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  private String place(long inode) {
    return folder + "/" + Long.toHexString(inode);
  }

  /** Deletes a file that lies here, if any, unless somebody has it open. */
  void release(long inode) throws IOException {
    release(place(inode));
  }

  /**
   * Deletes what nobody has open any more.
   *
   * @param kept is told of what stays
   */
  void sweep(Kept kept) throws IOException {
    Directory.read(
        folder,
        (name, type, inode) -> {
          long bytes = release(folder + "/" + name);
          if (bytes > 0) {
            kept.file(bytes);
          }
          return true;
        });
  }

  /** Takes what a file that stays is counted with. */
  @FunctionalInterface
  interface Kept {
    void file(long bytes);
  }

  /** Deletes a file unless it is open; answers what it is counted with if it stays. */
  private long release(String path) throws IOException {
    int fd;
    try {
      fd = Fd.open(path, Fd.O_RDONLY | Fd.O_NONBLOCK, 0);
    } catch (PosixException e) {
      // Another process is just about to delete it.
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.EAGAIN) {
        return 0;
      }
      throw e;
    }
    long[] stays = {0};
    occupancy.step(
        () -> {
          boolean gone = false;
          long bytes;
          try {
            Stat stat = Files.fstat(fd);
            bytes = stat.blocks() * BLOCK + marks.bytesBeside();
            if (OfdLock.isFree(fd, LockBytes.IN_USE, 1) && Fd.openNowhereElse(fd)) {
              gone = Files.unlinkIfExists(path);
              marks.forget(stat);
            } else {
              stays[0] = bytes;
            }
          } finally {
            Fd.close(fd);
          }
          // The disk has its blocks back when the last descriptor is closed, not before.
          if (gone) {
            occupancy.wholeRemoved(bytes);
          }
        });
    return stays[0];
  }
}
