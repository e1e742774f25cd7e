package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies a file that nobody writes to another file system, holes as holes, times as they are. */
final class SparseCopy {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int PRIVATE = 0600;

  private SparseCopy() {}

  /** Copies to a new file, in the place of an unfinished copy. */
  static void copy(String from, String to) throws IOException {
    int source = Fd.open(from, Fd.O_RDONLY, 0);
    try {
      Files.unlinkIfExists(to);
      int target = Fd.open(to, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, PRIVATE);
      boolean done = false;
      try {
        Stamp stamp = Stamp.of(Files.fstat(source));
        copy(source, target, stamp.size());
        Fd.truncate(target, stamp.size());
        Fd.setTimes(target, stamp.mtimeNanos(), stamp.mtimeNanos());
        done = true;
      } finally {
        Fd.close(target);
        if (!done) {
          Files.unlinkIfExists(to);
        }
      }
    } finally {
      Fd.close(source);
    }
  }

  private static void copy(int from, int to, long length) throws IOException {
    ByteBuffer b = Native.buffer(BUFFER_BYTES);
    for (long at = data(from, 0, length); at < length; at = data(from, at, length)) {
      long end = Fd.seekHole(from, at);
      while (at < end) {
        b.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
        if (Fd.pread(from, b, at) == 0) {
          throw new AzcpException(Errno.EIO, "a staging file became shorter while it was copied");
        }
        b.flip();
        int n = b.remaining();
        Fd.pwriteFully(to, b, at);
        at += n;
      }
    }
  }

  private static long data(int fd, long at, long length) throws IOException {
    if (at >= length) {
      return length;
    }
    try {
      return Fd.seekData(fd, at);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENXIO) {
        return length;
      }
      throw e;
    }
  }
}
