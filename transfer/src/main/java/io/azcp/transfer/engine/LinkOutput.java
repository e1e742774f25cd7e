package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.PosixMetadata;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Keeps the content of a blob that stands for a symbolic link: what the link points to. */
final class LinkOutput extends RangeOutput {
  private final byte[] bytes = new byte[Files.PATH_MAX];
  private int size;

  /** Whether a blob stands for a symbolic link. */
  static boolean isLink(BlobProperties blob) {
    return PosixMetadata.from(blob).symlink();
  }

  @Override
  void write(ByteBuffer data) throws IOException {
    if (data.remaining() >= bytes.length - size) {
      throw new AzcpException(
          Errno.ENAMETOOLONG, "a symbolic link of over " + (Files.PATH_MAX - 1) + " bytes");
    }
    int n = data.remaining();
    data.get(bytes, size, n);
    size += n;
  }

  /** What the link points to. */
  byte[] content() throws AzcpException {
    for (int i = 0; i < size; i++) {
      if (bytes[i] == 0) {
        throw new AzcpException(Errno.EINVAL, "no symbolic link can hold a zero byte");
      }
    }
    return java.util.Arrays.copyOf(bytes, size);
  }
}
