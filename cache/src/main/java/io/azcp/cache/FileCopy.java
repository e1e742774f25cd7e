package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Copies and digests of open files. */
final class FileCopy {
  private static final int BUFFER_BYTES = 1 << 20;

  private FileCopy() {}

  /** Copies the first {@code length} bytes to a new file, sharing the extents where possible. */
  static void copy(int from, long length, String to, int mode) throws IOException {
    int target = Fd.open(to, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, mode);
    boolean done = false;
    try {
      if (!Fd.reflink(from, target)) {
        ByteBuffer b = Native.buffer(BUFFER_BYTES);
        for (long at = 0; at < length; ) {
          read(from, b, at, length);
          b.flip();
          int n = b.remaining();
          Fd.pwriteFully(target, b, at);
          at += n;
        }
      }
      done = true;
    } finally {
      Fd.close(target);
      if (!done) {
        Files.unlinkIfExists(to);
      }
    }
  }

  /** Base64 of the MD5 of the first {@code length} bytes. */
  static String md5(int fd, long length) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
    ByteBuffer b = Native.buffer(BUFFER_BYTES);
    for (long at = 0; at < length; ) {
      read(fd, b, at, length);
      b.flip();
      at += b.remaining();
      digest.update(b);
    }
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  private static void read(int fd, ByteBuffer b, long at, long length) throws IOException {
    b.clear().limit((int) Math.min(b.capacity(), length - at));
    if (Fd.pread(fd, b, at) == 0) {
      throw new AzcpException(Errno.EIO, "A cached file became shorter while it was read.");
    }
  }
}
