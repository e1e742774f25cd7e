package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The temporary file of a file that comes in several parts, from several threads. Parts that lie on
 * whole blocks may go around the page cache, by a descriptor of their own; the file system may
 * refuse that, and they go through it then. Thread-safe.
 */
final class ArrivingFile implements AutoCloseable {
  private static final int MODE = 0666;

  private final String path;
  private final Entry entry;
  private final boolean direct;
  private final int fd;
  private int directFd = -1;
  private boolean refused;

  /** Opens the file, which may be there. */
  ArrivingFile(String path, Entry entry, boolean direct) throws IOException {
    this.path = path;
    this.entry = entry;
    this.direct = direct;
    this.fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, MODE);
  }

  /** Makes sure of the blocks of the whole file, where the file system can do so. */
  static void reserve(String path, long size) throws IOException {
    int fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, MODE);
    try {
      Fd.allocate(fd, 0, size);
    } catch (PosixException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.ENOSYS) {
        throw e;
      }
    } finally {
      Fd.close(fd);
    }
  }

  /** A small file, open while one thread writes it. */
  static final class Small implements AutoCloseable {
    private final Entry entry;
    private final int fd;

    Small(String path, Entry entry) throws IOException {
      this.entry = entry;
      this.fd = Fd.open(path, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_TRUNC, MODE);
    }

    void write(ByteBuffer data, long offset) throws IOException {
      Fd.pwriteFully(fd, data, offset);
    }

    /** All is there: gives it its time. */
    void finish() throws IOException {
      setTimes(fd, entry);
    }

    @Override
    public void close() {
      Fd.close(fd);
    }
  }

  private static void setTimes(int fd, Entry entry) throws PosixException {
    if (entry.modified() >= 0) {
      long nanos = TimeUnit.MILLISECONDS.toNanos(entry.modified());
      Fd.setTimes(fd, nanos, nanos);
    }
  }

  /** Writes all remaining bytes of a direct buffer. */
  void write(ByteBuffer data, long offset) throws IOException {
    Fd.pwriteFully(fd, data, offset);
  }

  /**
   * The same around the page cache where that can be. Bytes behind the buffer's limit may be
   * written behind the end of the file, which {@link #finish} cuts off.
   */
  void writeDirect(ByteBuffer data, long offset) throws IOException {
    int whole = (data.remaining() + Chunks.ALIGNMENT - 1) / Chunks.ALIGNMENT * Chunks.ALIGNMENT;
    boolean toTheEnd = offset + data.remaining() == entry.size();
    boolean fits =
        offset % Chunks.ALIGNMENT == 0
            && (whole == data.remaining() || toTheEnd)
            && data.position() + whole <= data.capacity();
    int blocks = fits ? directDescriptor() : -1;
    if (blocks < 0) {
      write(data, offset);
      return;
    }
    ByteBuffer padded = data.duplicate();
    padded.limit(data.position() + whole);
    try {
      Fd.pwriteFully(blocks, padded, offset);
    } catch (PosixException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      refuse();
      write(data, offset);
    }
  }

  private synchronized int directDescriptor() throws PosixException {
    if (directFd < 0 && direct && !refused) {
      try {
        directFd = Fd.open(path, Fd.O_WRONLY | Fd.O_DIRECT, 0);
      } catch (PosixException e) {
        if (e.errno() != Errno.EINVAL && e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
        refused = true;
      }
    }
    return refused ? -1 : directFd;
  }

  private synchronized void refuse() {
    refused = true;
  }

  /** Fills the buffer from the file. */
  void read(ByteBuffer into, long offset) throws IOException {
    read(fd, path, into, offset);
  }

  /** Fills the buffer from a file; one that is too short is a failure. */
  static void read(int fd, String path, ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int n = Fd.pread(fd, into, at);
      if (n == 0) {
        throw new AzcpException(Errno.EIO, path + " became shorter while it was read");
      }
      at += n;
    }
  }

  /** All is there: gives the file its length and its time. */
  void finish() throws IOException {
    Fd.truncate(fd, entry.size());
    setTimes(fd, entry);
  }

  @Override
  public synchronized void close() {
    Fd.close(directFd);
    directFd = -1;
    refused = true;
    Fd.close(fd);
  }
}
