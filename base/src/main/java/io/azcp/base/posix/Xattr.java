package io.azcp.base.posix;

import io.azcp.base.Errno;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Extended attributes of files (xattr(7)). Thread-safe. */
public final class Xattr {
  private static final int MAX_BYTES = 64 << 10;

  private Xattr() {}

  /** The attribute's value; empty when it is not set or the file system keeps none. */
  public static Optional<byte[]> get(int fd, String name) throws PosixException {
    ByteBuffer b = Libc.buffer(4096);
    byte[] n = Libc.cstring(name);
    long size = Libc.CALLS.fgetxattr(fd, n, Libc.address(b), b.capacity());
    if (size < 0 && Libc.errno() == Errno.ERANGE.code()) {
      b = Libc.buffer(MAX_BYTES);
      size = Libc.CALLS.fgetxattr(fd, n, Libc.address(b), b.capacity());
    }
    return answer(size, b, "fgetxattr", "fd " + fd);
  }

  /** The same by path, links followed. */
  public static Optional<byte[]> get(String path, String name) throws PosixException {
    ByteBuffer b = Libc.buffer(4096);
    long size =
        Libc.CALLS.getxattr(Libc.cstring(path), Libc.cstring(name), Libc.address(b), b.capacity());
    return answer(size, b, "getxattr", path);
  }

  private static Optional<byte[]> answer(long size, ByteBuffer b, String call, String subject)
      throws PosixException {
    if (size < 0) {
      int code = Libc.errno();
      if (code == Errno.ENODATA.code() || code == Errno.EOPNOTSUPP.code()) {
        return Optional.empty();
      }
      throw new PosixException(call, subject, code);
    }
    byte[] value = new byte[(int) size];
    b.get(0, value);
    return Optional.of(value);
  }

  /** Sets the attribute. {@code EOPNOTSUPP} where the file system keeps none. */
  public static void set(int fd, String name, byte[] value) throws PosixException {
    Libc.check(
        Libc.CALLS.fsetxattr(fd, Libc.cstring(name), value, value.length, 0),
        "fsetxattr",
        "fd " + fd);
  }

  /** Removes the attribute; one that is not set is fine. */
  public static void remove(int fd, String name) throws PosixException {
    if (Libc.CALLS.fremovexattr(fd, Libc.cstring(name)) < 0) {
      int code = Libc.errno();
      if (code != Errno.ENODATA.code() && code != Errno.EOPNOTSUPP.code()) {
        throw new PosixException("fremovexattr", "fd " + fd, code);
      }
    }
  }
}
