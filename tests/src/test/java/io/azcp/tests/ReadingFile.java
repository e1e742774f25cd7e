package io.azcp.tests;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One open of a file on a mount. All that is read of it has to be of one version, and that one of
 * those that could be had when it was opened. {@code ESTALE} (through a map, {@code EFAULT}) is an
 * answer once the blob was replaced. Used by one thread.
 */
final class ReadingFile implements AutoCloseable {
  private static final int LONGEST = 256 << 10;
  private static final int EFAULT = 14;
  private static final int ECONNABORTED = 103;
  private static final int ENOTCONN = 107;
  private static final int ESTALE = 116;

  private final VersionedFiles files;
  private final RestartedMount mount;
  private final int file;
  private final int generation;
  private final boolean doomed;
  private final int least;
  private final int most;
  private final ByteBuffer buffer = Native.buffer(LONGEST);
  private int fd;
  private int version = -1;
  private MappedFile map;
  private boolean mapped;
  private long next;

  /** The daemon that served the file is gone. */
  static final class Gone extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** The version that was open can be had no more. */
  static final class Replaced extends Exception {
    private static final long serialVersionUID = 1;
  }

  ReadingFile(VersionedFiles files, RestartedMount mount, int file) throws Gone, Replaced {
    this.files = files;
    this.mount = mount;
    this.file = file;
    this.generation = mount.generation();
    this.doomed = !mount.isUp();
    this.least = mount.asksAtOpen() ? files.done(file) : 1;
    int before = files.done(file);
    int opened = -1;
    mount.waits();
    try {
      opened = Fd.open(mount.data() + "/" + files.name(file), Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      refused(e.code(), before);
    } finally {
      mount.waited();
    }
    this.fd = opened;
    this.most = files.begun(file);
  }

  /** Judges an error: it is thrown on as what may happen, or ends the test. */
  private void refused(int errno, int version) throws Gone, Replaced {
    boolean stale = errno == ESTALE || errno == EFAULT;
    boolean gone = errno == ENOTCONN || errno == ECONNABORTED || errno == EFAULT;
    if (gone && (doomed || generation != mount.generation())) {
      throw new Gone();
    }
    if (stale && files.begun(file) > version) {
      throw new Replaced();
    }
    throw new AssertionError(this + ": errno " + errno);
  }

  /** Reads somewhere, in one of the ways that applications have. */
  void read(Random random) throws Gone, Replaced {
    long size = size();
    switch (random.nextInt(8)) {
      case 0 -> readAt(Math.max(0, size - 1 - random.nextInt(4096)), 4096);
      case 1 -> MappedFile.forgetPages(fd);
      case 2, 3 -> map(random);
      case 4 -> readAt(random.nextInt((int) size), 1 + random.nextInt(LONGEST));
      default -> readOn(1 + random.nextInt(12), LONGEST >> random.nextInt(3));
    }
  }

  /** Reads it from its beginning to its end. */
  void readAll() throws Gone, Replaced {
    next = 0;
    do {
      readOn(1, LONGEST / 2);
    } while (next > 0);
  }

  private void readOn(int pieces, int length) throws Gone, Replaced {
    for (int i = 0; i < pieces; i++) {
      int n = readAt(next, length);
      next = n == 0 ? 0 : next + n;
      if (n == 0) {
        return;
      }
    }
  }

  private long size() throws Gone, Replaced {
    try {
      long size = Files.fstat(fd).size();
      boolean same = version < 0 || size == files.length(file, version);
      // Through libfuse 2 the size is the path's, not the version's.
      if (!same && (mount.versionsHaveSizes() || files.begun(file) == version)) {
        throw new AssertionError(this + " has " + size + " bytes");
      }
      return Math.max(1, size);
    } catch (PosixException e) {
      refused(e.code(), versionOrLeast());
      throw new AssertionError(e);
    }
  }

  private int versionOrLeast() {
    return version < 0 ? least : version;
  }

  private int readAt(long offset, int length) throws Gone, Replaced {
    buffer.clear().limit(length);
    mount.waits();
    try {
      // What went wrong behind the first bytes is told by the read that begins there.
      int n = 1;
      while (n > 0 && buffer.hasRemaining()) {
        n = Fd.pread(fd, buffer, offset + buffer.position());
      }
    } catch (PosixException e) {
      refused(e.code(), versionOrLeast());
    } finally {
      mount.waited();
    }
    buffer.flip();
    check(offset, length);
    return buffer.remaining();
  }

  private void map(Random random) throws Gone, Replaced {
    if (!mapped) {
      if (version < 0) {
        readAt(0, 4096);
      }
      if (version < 0) {
        return;
      }
      mapped = true;
      try {
        map = MappedFile.of(fd, files.length(file, version));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    if (map == null || fd < 0) {
      return;
    }
    for (int i = 0; i < 4; i++) {
      long offset = random.nextInt((int) map.length());
      int length = (int) Math.min(map.length() - offset, 1 + random.nextInt(64 << 10));
      buffer.clear().limit(length);
      mount.waits();
      long n;
      try {
        n = map.read(offset, buffer);
      } catch (PosixException e) {
        throw new AssertionError(e);
      } finally {
        mount.waited();
      }
      if (n < 0) {
        refused((int) -n, version);
      }
      buffer.flip();
      checkBytes(offset);
    }
  }

  private void check(long offset, int length) {
    if (version < 0) {
      version = SelfTelling.version(buffer, offset);
      if (version >= 0 && (version < least || version > most)) {
        throw new AssertionError(
            this + " was opened while versions " + least + " to " + most + " could be had");
      }
    }
    if (version < 0) {
      return;
    }
    long want = Math.min(length, Math.max(0, files.length(file, version) - offset));
    boolean other = buffer.remaining() != want;
    // Through libfuse 2 the size is the path's: of a replaced version it is the new one's.
    boolean may = !mount.versionsHaveSizes() && files.begun(file) > version;
    if (other && !may) {
      throw new AssertionError(
          this + ": " + buffer.remaining() + " bytes at " + offset + " instead of " + want);
    }
    buffer.limit((int) Math.min(buffer.limit(), want));
    checkBytes(offset);
  }

  private void checkBytes(long offset) {
    String fault = version < 0 ? "" : SelfTelling.fault(buffer, offset, file, version);
    if (!fault.isEmpty()) {
      throw new AssertionError(this + ": " + fault);
    }
  }

  @Override
  public String toString() {
    return mount
        + " file "
        + file
        + " version "
        + (version < 0 ? "?" : version)
        + (map == null ? "" : " (mapped)")
        + " at "
        + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - mount.startNanos())
        + " ms";
  }

  @Override
  public void close() {
    if (map != null) {
      map.close();
    }
    Fd.close(fd);
    fd = -1;
  }
}
