package io.azcp.base.posix;

import io.azcp.base.Errno;
import java.nio.ByteBuffer;

/**
 * Open-file-description locks on byte ranges (fcntl(2), {@code F_OFD_SETLK}): they belong to the
 * open file, not to the process, and end when its last descriptor closes, also by kill −9. Never
 * waits.
 */
public final class OfdLock {
  private static final int F_OFD_GETLK = 36;
  private static final int F_OFD_SETLK = 37;
  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;
  private static final short F_UNLCK = 2;
  private static final int FLOCK_BYTES = 32;

  private OfdLock() {}

  /** Takes the range for writing; false when another open file holds a part of it. */
  public static boolean tryExclusive(int fd, long offset, long length) throws PosixException {
    return set(fd, F_WRLCK, offset, length);
  }

  /** Takes the range for reading; false when another open file holds a part of it for writing. */
  public static boolean tryShared(int fd, long offset, long length) throws PosixException {
    return set(fd, F_RDLCK, offset, length);
  }

  /** Gives the range back. Length 0 means to the end of the file, however far it grows. */
  public static void unlock(int fd, long offset, long length) throws PosixException {
    set(fd, F_UNLCK, offset, length);
  }

  /** Whether an exclusive lock of the range would be granted to this open file now. */
  public static boolean isFree(int fd, long offset, long length) throws PosixException {
    ByteBuffer b = flock(F_WRLCK, offset, length);
    Libc.check(Libc.CALLS.fcntl(fd, F_OFD_GETLK, Libc.address(b)), "fcntl(lock)", "fd " + fd);
    return b.getShort(0) == F_UNLCK;
  }

  private static boolean set(int fd, short type, long offset, long length) throws PosixException {
    ByteBuffer b = flock(type, offset, length);
    if (Libc.CALLS.fcntl(fd, F_OFD_SETLK, Libc.address(b)) == 0) {
      return true;
    }
    int code = Libc.errno();
    if (code == Errno.EAGAIN.code() || code == Errno.EACCES.code()) {
      return false;
    }
    throw new PosixException("fcntl(lock)", "fd " + fd, code);
  }

  private static ByteBuffer flock(short type, long offset, long length) {
    ByteBuffer b = Libc.buffer(FLOCK_BYTES);
    return b.putShort(0, type).putLong(8, offset).putLong(16, length);
  }
}
