package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A plain local file, or one below a mount, whose kernel fetches what is read. */
final class LocalContent implements FileContent {
  private final String path;
  private final int fd;
  private final long length;

  private LocalContent(String path, int fd, long length) {
    this.path = path;
    this.fd = fd;
    this.length = length;
  }

  /** What lies at a path, links followed; empty where nothing does. */
  static Optional<Stat> stat(String path) throws IOException {
    try {
      return Optional.of(Files.stat(path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  static LocalContent open(String path) throws IOException {
    Stat stat =
        stat(path).orElseThrow(() -> new AzcpException(Errno.ENOENT, "there is no file " + path));
    if (stat.isDirectory()) {
      throw new AzcpException(Errno.EISDIR, path + " is a directory");
    }
    int fd = Fd.open(path, Fd.O_RDONLY, 0);
    try {
      return new LocalContent(path, fd, Files.fstat(fd).size());
    } catch (IOException e) {
      Fd.close(fd);
      throw e;
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long offset, ByteBuffer into, boolean sequential) throws IOException {
    if (Fd.pread(fd, into, offset) <= 0) {
      throw new AzcpException(Errno.EIO, path + " became shorter while it was read");
    }
  }

  @Override
  public void close() {
    Fd.close(fd);
  }
}
