package io.azcp.fs.fuse;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.Optional;

/**
 * A mount whose daemon has died without unmounting: every call on it answers ENOTCONN until it is
 * unmounted.
 */
public final class DeadMount {
  /** What an aborted connection answers ({@code ECONNABORTED}, asm-generic/errno.h). */
  private static final int ECONNABORTED = 103;

  private DeadMount() {}

  /**
   * Unmounts a dead mount of this program at the path, and those below it.
   *
   * @param path a directory
   * @return whether there was one
   * @throws AzcpException {@code ENOTCONN} for a dead mount of another program, which is left alone
   */
  public static boolean clear(String path) throws IOException {
    String canonical = MountPoint.canonical(path);
    boolean cleared = false;
    for (Optional<MountTable.Mount> top = MountTable.at(canonical);
        top.isPresent() && top.get().isFuse() && isDead(canonical);
        top = MountTable.at(canonical)) {
      if (!top.get().isOurs()) {
        throw new AzcpException(
            Errno.ENOTCONN,
            canonical
                + " is a dead mount of another program ("
                + top.get().type()
                + "); unmount it with: umount -l "
                + canonical);
      }
      MountPoint.unmount(canonical, true);
      cleared = true;
    }
    return cleared;
  }

  /** An open always asks the daemon; a stat may be answered from the kernel's cache. */
  private static boolean isDead(String path) {
    try {
      Fd.close(Fd.open(path, Fd.O_RDONLY, 0));
      return false;
    } catch (PosixException e) {
      return e.code() == Errno.ENOTCONN.code() || e.code() == ECONNABORTED;
    }
  }
}
