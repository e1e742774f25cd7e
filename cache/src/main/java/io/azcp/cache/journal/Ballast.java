package io.azcp.cache.journal;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import java.io.IOException;

/**
 * Disk space that a journal holds for the day on which the disk is full: given up then, so that
 * names can still be changed and uploads go on, and taken again when there is space. Guarded by its
 * journal.
 */
final class Ballast {
  static final String SUFFIX = ".room";

  private static final long BYTES = 8L << 20;

  /** Of a small disk at most one part in so many. */
  private static final int DISK_PART = 64;

  private final String path;
  private boolean held;
  private boolean wanted;

  Ballast(String journal) {
    this.path = journal + SUFFIX;
  }

  /** Takes the space, where the disk has four times as much. */
  void take() {
    wanted = true;
    takeAgain();
  }

  /** The same, where it was taken once. */
  void takeAgain() {
    if (held || !wanted) {
      return;
    }
    try {
      Files.Space disk = disk();
      long bytes = bytes(disk);
      if (disk.availableBytes() < 4 * bytes) {
        return;
      }
      int fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
      try {
        Fd.allocate(fd, 0, bytes);
        held = true;
      } finally {
        Fd.close(fd);
      }
    } catch (PosixException refused) {
      held = false;
    }
  }

  Files.Space disk() throws PosixException {
    return Files.space(path.substring(0, path.lastIndexOf('/')));
  }

  /** What it takes of such a disk. */
  long bytes(Files.Space disk) {
    return Math.min(BYTES, disk.totalBytes() / DISK_PART);
  }

  /** Gives the space up; answers whether there was any. */
  boolean giveUp() throws IOException {
    held = false;
    return Files.unlinkIfExists(path);
  }
}
