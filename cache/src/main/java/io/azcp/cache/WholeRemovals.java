package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.cache.WholeFiles.Found;
import java.io.IOException;

/**
 * How whole files leave their places: replaced, evicted unless anybody has them open, or taken out
 * to be written. Callers hold the entry's lock.
 */
final class WholeRemovals {
  /** No published file can be executed, so this says that one is being evicted. */
  private static final int LEAVING = 0500;

  private final MarkStore marks;
  private final Occupancy occupancy;
  private final int publishedMode;

  /**
   * Removals from one folder.
   *
   * @param publishedMode the mode of a file that stays
   */
  WholeRemovals(MarkStore marks, Occupancy occupancy, int publishedMode) {
    this.marks = marks;
    this.occupancy = occupancy;
    this.publishedMode = publishedMode;
  }

  /** Deletes a file of ours; descriptors open on it live on. */
  void discard(Found found) throws IOException {
    occupancy.step(
        () -> {
          if (Files.unlinkIfExists(found.path())) {
            occupancy.wholeRemoved(found.bytes());
          }
        });
    // After the file, so that a kill in between leaves nothing unmarked; its inode number cannot
    // be used again while the descriptor is open.
    marks.forget(found.stat());
  }

  /**
   * Deletes a file of ours, and closes it, unless anybody has it open; answers whether. A reader
   * takes the in-use lock and then looks at the mode, this sets the mode and then looks at the
   * lock: one of the two sees the other.
   */
  boolean discardUnused(Found found) throws IOException {
    boolean[] gone = {false};
    occupancy.step(
        () -> {
          boolean counted;
          try (found) {
            gone[0] = leaves(found);
            counted = gone[0] && Files.unlinkIfExists(found.path());
            if (gone[0]) {
              marks.forget(found.stat());
            }
          }
          // The disk has its blocks back when the last descriptor is closed, not before.
          if (counted) {
            occupancy.wholeRemoved(found.bytes());
          }
        });
    return gone[0];
  }

  private boolean leaves(Found found) throws IOException {
    if (!unused(found)) {
      return false;
    }
    setMode(found, LEAVING);
    boolean leaves = unused(found);
    if (!leaves) {
      setMode(found, publishedMode);
    }
    return leaves;
  }

  private static boolean unused(Found found) throws IOException {
    return OfdLock.isFree(found.fd(), LockBytes.IN_USE, 1);
  }

  private void setMode(Found found, int mode) throws IOException {
    Fd.chmod(found.fd(), mode);
    if (!marks.survivesRename()) {
      marks.write(found.fd(), Files.fstat(found.fd()), found.mark());
    }
  }

  /**
   * Takes a whole file out: mark gone, writable, renamed. False, with nothing changed, when {@code
   * isUnused} says that another process reads it.
   */
  boolean takeOut(Found found, InUse inUse, String stagingPath) throws IOException {
    if (!inUse.byUsAlone()) {
      return false;
    }
    marks.remove(found.fd(), found.stat());
    if (!inUse.byUsAlone()) {
      marks.write(found.fd(), Files.fstat(found.fd()), found.mark());
      return false;
    }
    Fd.chmod(found.fd(), 0600);
    occupancy.step(
        () -> {
          Files.rename(found.path(), stagingPath);
          occupancy.wholeRemoved(found.bytes());
        });
    return true;
  }

  /** Tells whether other processes have a file open. */
  @FunctionalInterface
  interface InUse {
    boolean byUsAlone() throws IOException;
  }
}
