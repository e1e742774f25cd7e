package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Marks as files of their own, {@code .azcp/marks/<inode>}, for file systems without extended
 * attributes. Each begins with the change time of the inode it speaks of: any other rename, write
 * or change of mode voids it, and so does the reuse of the inode number. The last use of a file is
 * the modification time of its mark.
 */
final class FolderMarks implements MarkStore {
  private static final int MAX_BYTES = 16 << 10;

  /** A mark is shorter than a block but in the rarest case. */
  private static final long BLOCK = 4096;

  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

  private final String folder;

  FolderMarks(String folder) {
    this.folder = folder;
  }

  @Override
  public Optional<Mark> read(int fd, Stat stat) throws IOException {
    int mark;
    try {
      mark = Fd.open(path(stat), Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      ByteBuffer b = Native.buffer(MAX_BYTES);
      int n = Fd.pread(mark, b, 0);
      if (n < Long.BYTES || b.getLong(0) != stat.ctimeNanos()) {
        return Optional.empty();
      }
      byte[] text = new byte[n - Long.BYTES];
      b.get(Long.BYTES, text);
      return Mark.decode(text);
    } finally {
      Fd.close(mark);
    }
  }

  @Override
  public void write(int fd, Stat stat, Mark mark) throws IOException {
    byte[] text = mark.encode();
    ByteBuffer b = Native.buffer(text.length + Long.BYTES);
    b.putLong(stat.ctimeNanos()).put(text).flip();
    String temporary = path(stat) + "." + Long.toHexString(SERIAL.incrementAndGet());
    int file = Fd.open(temporary, Fd.O_WRONLY | Fd.O_CREAT | Fd.O_EXCL, 0600);
    try {
      Fd.pwriteFully(file, b, 0);
      Files.rename(temporary, path(stat));
    } catch (PosixException e) {
      Files.unlinkIfExists(temporary);
      throw e;
    } finally {
      Fd.close(file);
    }
  }

  @Override
  public void remove(int fd, Stat stat) throws IOException {
    forget(stat);
  }

  @Override
  public void forget(Stat stat) throws IOException {
    Files.unlinkIfExists(path(stat));
  }

  @Override
  public long bytesBeside() {
    return BLOCK;
  }

  @Override
  public boolean survivesRename() {
    return false;
  }

  @Override
  public void touch(int fd, Stat stat, long nanos) throws IOException {
    try {
      Files.setTimes(path(stat), nanos, nanos);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  @Override
  public long lastUse(int fd, Stat stat) throws IOException {
    try {
      return Files.lstat(path(stat)).mtimeNanos();
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return 0;
      }
      throw e;
    }
  }

  private String path(Stat stat) {
    return folder + "/" + stat.inode();
  }
}
