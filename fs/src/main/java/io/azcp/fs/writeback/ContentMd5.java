package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The MD5 of a staging file. */
final class ContentMd5 {
  private static final int BUFFER_BYTES = 1 << 20;

  private ContentMd5() {}

  /** Base64 of the MD5 of the first {@code length} bytes. */
  static String of(int fd, long length) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
    ByteBuffer b = Native.buffer(BUFFER_BYTES);
    for (long at = 0; at < length; at += b.limit()) {
      b.clear().limit((int) Math.min(BUFFER_BYTES, length - at));
      if (Fd.pread(fd, b, at) == 0) {
        throw new AzcpException(Errno.EIO, "a staging file became shorter while it was read");
      }
      b.flip();
      digest.update(b.slice());
    }
    return Base64.getEncoder().encodeToString(digest.digest());
  }
}
