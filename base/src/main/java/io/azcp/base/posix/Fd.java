package io.azcp.base.posix;

import io.azcp.base.Errno;
import java.nio.ByteBuffer;

/**
 * File descriptors: plain ints owned by whoever opened them. Positions are always given, so one
 * descriptor serves many threads, and no thread's interruption closes it for the others (as a
 * {@link java.nio.channels.FileChannel}'s does). Buffers are direct; their position moves by what
 * was transferred.
 */
public final class Fd {
  /** Flags of open(2) that are the same on x86-64 and aarch64 (asm-generic/fcntl.h). */
  public static final int O_RDONLY = 0;

  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_ACCMODE = 3;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_TRUNC = 01000;
  public static final int O_APPEND = 02000;
  public static final int O_NONBLOCK = 04000;
  public static final int O_CLOEXEC = 02000000;

  /** The same flag on x86-64 and on aarch64 (arch/arm64/include/uapi/asm/fcntl.h). */
  public static final int O_DIRECT =
      System.getProperty("os.arch").equals("aarch64") ? 0200000 : 040000;

  /** {@code F_SETLEASE} of linux/fcntl.h. */
  private static final int F_SETLEASE = 1024;

  /** {@code F_SETSIG} of asm-generic/fcntl.h. */
  private static final int F_SETSIG = 10;

  /** Of asm-generic/signal.h; a process that does not ask for it never notices. */
  private static final int SIGURG = 23;

  /** {@code UTIME_OMIT} of linux/stat.h. */
  private static final long UTIME_OMIT = (1L << 30) - 2;

  /** {@code FICLONE} of linux/fs.h. */
  private static final long FICLONE = 0x40049409L;

  /** {@code FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE} of linux/falloc.h. */
  private static final int PUNCH_HOLE_KEEP_SIZE = 3;

  private static final long F_RDLCK = 0;
  private static final long F_WRLCK = 1;
  private static final long F_UNLCK = 2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private Fd() {}

  /** open(2), close-on-exec always set. */
  public static int open(String path, int flags, int mode) throws PosixException {
    return Libc.check(Libc.CALLS.open(Libc.cstring(path), flags | O_CLOEXEC, mode), "open", path);
  }

  /** close(2). Never throws: after close the descriptor is gone whatever the kernel says. */
  public static void close(int fd) {
    if (fd >= 0) {
      Libc.CALLS.close(fd);
    }
  }

  /** dup2(2): {@code to} becomes a copy of {@code from}. */
  public static void dup2(int from, int to) throws PosixException {
    Libc.check(Libc.CALLS.dup2(from, to), "dup2", "fd " + from);
  }

  /** The same by dup3(2), so that no program that is started from here inherits it. */
  public static void dup3(int from, int to) throws PosixException {
    Libc.check(Libc.CALLS.dup3(from, to, O_CLOEXEC), "dup3", "fd " + from);
  }

  /** pread(2) into the buffer's remaining bytes. Answers the count, 0 at the end of the file. */
  public static int pread(int fd, ByteBuffer direct, long offset) throws PosixException {
    long n =
        Libc.CALLS.pread(fd, Libc.address(direct) + direct.position(), direct.remaining(), offset);
    Libc.check(n, "pread", "fd " + fd);
    direct.position(direct.position() + (int) n);
    return (int) n;
  }

  /** Writes all remaining bytes of the buffer at the offset. */
  public static void pwriteFully(int fd, ByteBuffer direct, long offset) throws PosixException {
    long at = offset;
    long base = Libc.address(direct);
    while (direct.hasRemaining()) {
      long n = Libc.CALLS.pwrite(fd, base + direct.position(), direct.remaining(), at);
      Libc.check(n, "pwrite", "fd " + fd);
      direct.position(direct.position() + (int) n);
      at += n;
    }
  }

  /** read(2); answers the count or the negated errno, without an exception on the hot path. */
  public static long readRaw(int fd, long address, long length) {
    long n = Libc.CALLS.read(fd, address, length);
    return n < 0 ? -Libc.errno() : n;
  }

  /** write(2); answers the count or the negated errno. */
  public static long writeRaw(int fd, long address, long length) {
    long n = Libc.CALLS.write(fd, address, length);
    return n < 0 ? -Libc.errno() : n;
  }

  /** writev(2) of {@code count} iovecs; answers the count or the negated errno. */
  public static long writevRaw(int fd, long iovecs, int count) {
    long n = Libc.CALLS.writev(fd, iovecs, count);
    return n < 0 ? -Libc.errno() : n;
  }

  /** pread(2) to an address; answers the count or the negated errno. */
  public static long preadRaw(int fd, long address, long length, long offset) {
    long n = Libc.CALLS.pread(fd, address, length, offset);
    return n < 0 ? -Libc.errno() : n;
  }

  /** pwrite(2) from an address; answers the count or the negated errno. */
  public static long pwriteRaw(int fd, long address, long length, long offset) {
    long n = Libc.CALLS.pwrite(fd, address, length, offset);
    return n < 0 ? -Libc.errno() : n;
  }

  /** ioctl(2) with a pointer argument; answers the result or the negated errno. */
  public static int ioctlRaw(int fd, long request, long argument) {
    int n = Libc.CALLS.ioctl(fd, request, argument);
    return n < 0 ? -Libc.errno() : n;
  }

  /** ftruncate(2). */
  public static void truncate(int fd, long length) throws PosixException {
    Libc.check(Libc.CALLS.ftruncate(fd, length), "ftruncate", "fd " + fd);
  }

  /** fallocate(2), mode 0: reserves space and may extend the file. */
  public static void allocate(int fd, long offset, long length) throws PosixException {
    Libc.check(Libc.CALLS.fallocate(fd, 0, offset, length), "fallocate", "fd " + fd);
  }

  /** fallocate(2): gives the blocks of a range back, which reads as zeros then. */
  public static void punchHole(int fd, long offset, long length) throws PosixException {
    Libc.check(
        Libc.CALLS.fallocate(fd, PUNCH_HOLE_KEEP_SIZE, offset, length), "fallocate", "fd " + fd);
  }

  /** fdatasync(2). */
  public static void syncData(int fd) throws PosixException {
    Libc.check(Libc.CALLS.fdatasync(fd), "fdatasync", "fd " + fd);
  }

  /** fsync(2), also of a directory. */
  public static void sync(int fd) throws PosixException {
    Libc.check(Libc.CALLS.fsync(fd), "fsync", "fd " + fd);
  }

  /** The next offset at or after the given one that holds data; throws ENXIO past the last. */
  public static long seekData(int fd, long offset) throws PosixException {
    return Libc.check(Libc.CALLS.lseek(fd, offset, SEEK_DATA), "lseek", "fd " + fd);
  }

  /** The next offset at or after the given one that is a hole or the end of the file. */
  public static long seekHole(int fd, long offset) throws PosixException {
    return Libc.check(Libc.CALLS.lseek(fd, offset, SEEK_HOLE), "lseek", "fd " + fd);
  }

  /** fchmod(2). */
  public static void chmod(int fd, int mode) throws PosixException {
    Libc.check(Libc.CALLS.fchmod(fd, mode), "fchmod", "fd " + fd);
  }

  /** Sets access and modification time, nanoseconds since the epoch. */
  public static void setTimes(int fd, long atimeNanos, long mtimeNanos) throws PosixException {
    Libc.check(
        Libc.CALLS.futimens(fd, Libc.address(timespecs(atimeNanos, mtimeNanos))),
        "futimens",
        "fd " + fd);
  }

  /** Sets the access time, nanoseconds since the epoch, and leaves the modification time alone. */
  public static void setAccessTime(int fd, long atimeNanos) throws PosixException {
    ByteBuffer b = timespecs(atimeNanos, 0);
    b.putLong(24, UTIME_OMIT);
    Libc.check(Libc.CALLS.futimens(fd, Libc.address(b)), "futimens", "fd " + fd);
  }

  /** syncfs(2): writes back everything of the file system that holds the descriptor. */
  public static void syncFileSystem(int fd) throws PosixException {
    Libc.check(Libc.CALLS.syncfs(fd), "syncfs", "fd " + fd);
  }

  /**
   * Makes {@code to} share all extents of {@code from} (FICLONE of linux/fs.h); false where the
   * file system cannot.
   */
  public static boolean reflink(int from, int to) {
    return ioctlRaw(to, FICLONE, from) == 0;
  }

  static ByteBuffer timespecs(long atimeNanos, long mtimeNanos) {
    ByteBuffer b = Libc.buffer(32);
    b.putLong(0, Math.floorDiv(atimeNanos, 1_000_000_000L));
    b.putLong(8, Math.floorMod(atimeNanos, 1_000_000_000L));
    b.putLong(16, Math.floorDiv(mtimeNanos, 1_000_000_000L));
    b.putLong(24, Math.floorMod(mtimeNanos, 1_000_000_000L));
    return b;
  }

  /**
   * Whether no descriptor open for writing and no writable map of this file lives anywhere on the
   * machine: a read lease is granted (and given back at once). {@code fd} must be open read-only.
   * On overlayfs the kernel grants it wrongly; where it knows no leases the answer is true as well.
   */
  public static boolean quiescent(int fd) {
    return leased(fd, F_RDLCK);
  }

  private static boolean leased(int fd, long kind) {
    // Who opens the file meanwhile is kept waiting, and this process is told so by a signal: by
    // default one that ends it.
    Libc.CALLS.fcntl(fd, F_SETSIG, SIGURG);
    if (Libc.CALLS.fcntl(fd, F_SETLEASE, kind) < 0) {
      int code = Libc.errno();
      return code != Errno.EAGAIN.code() && code != Errno.EBUSY.code();
    }
    Libc.CALLS.fcntl(fd, F_SETLEASE, F_UNLCK);
    return true;
  }

  /**
   * Whether nobody else on this machine has the file open or mapped: a write lease is granted (and
   * given back at once). On overlayfs the kernel grants it wrongly; where it knows no leases the
   * answer is true as well. Who opens the file at this very moment waits for the lease's end, or is
   * refused with {@code EAGAIN} where it opens without waiting.
   */
  public static boolean openNowhereElse(int fd) {
    return leased(fd, F_WRLCK);
  }
}
