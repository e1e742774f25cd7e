package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Stat;
import io.azcp.base.posix.Xattr;
import java.io.IOException;
import java.util.Optional;

/** Marks as extended attributes; the last use is the file's access time. */
final class XattrMarks implements MarkStore {
  /** The attribute that holds the mark. */
  static final String ATTRIBUTE = "user.azcp";

  private static final int PERMISSIONS = 07777;
  private static final int OWNER_WRITE = 0200;

  @Override
  public Optional<Mark> read(int fd, Stat stat) throws IOException {
    return Xattr.get(fd, ATTRIBUTE).flatMap(Mark::decode);
  }

  @Override
  public void write(int fd, Stat stat, Mark mark) throws IOException {
    withWritePermission(fd, stat, () -> set(fd, mark));
  }

  private static void set(int fd, Mark mark) throws IOException {
    try {
      Xattr.set(fd, ATTRIBUTE, mark.encode());
    } catch (AzcpException e) {
      // ext4 holds 4 KiB of attributes: a name too long for that is left out of the mark, and so
      // the file out of offline listings.
      if (mark.name().isEmpty() || e.errno() == Errno.EACCES) {
        throw e;
      }
      Xattr.set(fd, ATTRIBUTE, mark.withVersion(mark.identity(), mark.version(), "").encode());
    }
  }

  @Override
  public void remove(int fd, Stat stat) throws IOException {
    withWritePermission(fd, stat, () -> Xattr.remove(fd, ATTRIBUTE));
  }

  @Override
  public void forget(Stat stat) {
    // The mark went with the file.
  }

  /** A call on a file. */
  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  /** User attributes ask for write permission on the file, which published files lack. */
  private static void withWritePermission(int fd, Stat stat, Change change) throws IOException {
    try {
      change.run();
    } catch (AzcpException e) {
      if (e.errno() != Errno.EACCES) {
        throw e;
      }
      int mode = stat.mode() & PERMISSIONS;
      Fd.chmod(fd, mode | OWNER_WRITE);
      try {
        change.run();
      } finally {
        Fd.chmod(fd, mode);
      }
    }
  }

  @Override
  public long bytesBeside() {
    return 0;
  }

  @Override
  public boolean survivesRename() {
    return true;
  }

  @Override
  public void touch(int fd, Stat stat, long nanos) throws IOException {
    Fd.setAccessTime(fd, nanos);
  }

  @Override
  public long lastUse(int fd, Stat stat) {
    return stat.atimeNanos();
  }
}
