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
  /** No published file can be executed, so this says that one is on its way out. */
  private static final int LEAVING = 0500;

  private final MarkStore marks;
  private final Occupancy occupancy;
  private final HeldFiles held;
  private final int publishedMode;

  /**
   * Removals from one folder.
   *
   * @param publishedMode the mode of a file that stays
   */
  WholeRemovals(MarkStore marks, Occupancy occupancy, HeldFiles held, int publishedMode) {
    this.marks = marks;
    this.occupancy = occupancy;
    this.held = held;
    this.publishedMode = publishedMode;
  }

  /**
   * Deletes a file of ours, and closes it. Descriptors open on it live on; for so long it stays
   * counted.
   */
  void discard(Found found) throws IOException {
    boolean moved;
    try (found) {
      setMode(found, LEAVING);
      moved = held.take(found);
    }
    if (moved) {
      held.release(found.stat().inode());
    }
  }

  /**
   * Deletes a file of ours, and closes it, unless anybody has it open; answers whether. A reader
   * takes the in-use lock and then looks at the mode, this sets the mode and then looks at the
   * lock: one of the two sees the other.
   */
  boolean discardUnused(Found found) throws IOException {
    boolean moved;
    try (found) {
      moved = leaves(found) && held.take(found);
    }
    if (moved) {
      held.release(found.stat().inode());
    }
    return moved;
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
