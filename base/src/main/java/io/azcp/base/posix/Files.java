package io.azcp.base.posix;

import java.nio.ByteBuffer;

/**
 * Names: what is done to a file by its path. Paths are Unicode strings handed to the kernel as
 * UTF-8. Thread-safe.
 */
public final class Files {
  /** Fail when the target exists: {@code RENAME_NOREPLACE} of linux/fs.h. */
  public static final int RENAME_NOREPLACE = 1;

  /** The longest path the kernel takes, its terminating zero included (linux/limits.h). */
  public static final int PATH_MAX = 4096;

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BYTES = 256;
  private static final byte[] NO_PATH = {0};

  private Files() {}

  /** The file's attributes, the link's own where it is a symbolic link. */
  public static Stat lstat(String path) throws PosixException {
    return statx(AT_FDCWD, Libc.cstring(path), AT_SYMLINK_NOFOLLOW, path);
  }

  /** The attributes of what the path leads to, links followed. */
  public static Stat stat(String path) throws PosixException {
    return statx(AT_FDCWD, Libc.cstring(path), 0, path);
  }

  /** The attributes of an open file. */
  public static Stat fstat(int fd) throws PosixException {
    return statx(fd, NO_PATH, AT_EMPTY_PATH, null);
  }

  private static Stat statx(int dir, byte[] path, int flags, String subject) throws PosixException {
    StatBuffer b = STAT_BUFFER.get();
    if (Libc.CALLS.statx(dir, path, flags, STATX_BASIC_STATS, b.address) < 0) {
      throw new PosixException("stat", subject == null ? "fd " + dir : subject, Libc.errno());
    }
    return parse(b.memory);
  }

  /** Where statx(2) answers: files are looked at too often to allocate memory for each time. */
  private static final class StatBuffer {
    final ByteBuffer memory = Libc.buffer(STATX_BYTES);
    final long address = Libc.address(memory);
  }

  private static final ThreadLocal<StatBuffer> STAT_BUFFER =
      ThreadLocal.withInitial(StatBuffer::new);

  /** {@code struct statx} of linux/stat.h; its layout is the same on every architecture. */
  private static Stat parse(ByteBuffer b) {
    return new Stat(
        b.getLong(32),
        b.getShort(28) & 0xffff,
        b.getInt(16),
        b.getInt(20),
        b.getInt(24),
        b.getLong(40),
        b.getLong(48),
        nanos(b, 64),
        nanos(b, 112),
        nanos(b, 96),
        ((b.getInt(136) & 0xffffffffL) << 32) | (b.getInt(140) & 0xffffffffL));
  }

  private static long nanos(ByteBuffer b, int at) {
    return b.getLong(at) * 1_000_000_000L + b.getInt(at + 8);
  }

  /** Whether something lies at the path (a dangling link counts). */
  public static boolean exists(String path) {
    ByteBuffer b = Libc.buffer(STATX_BYTES);
    return Libc.CALLS.statx(
            AT_FDCWD, Libc.cstring(path), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, Libc.address(b))
        == 0;
  }

  /** rename(2): replaces what lies at {@code to}, atomically. */
  public static void rename(String from, String to) throws PosixException {
    Libc.check(
        Libc.CALLS.rename(Libc.cstring(from), Libc.cstring(to)), "rename", from + " to " + to);
  }

  /** renameat2(2) with {@link #RENAME_NOREPLACE} or other flags of linux/fs.h. */
  public static void rename(String from, String to, int flags) throws PosixException {
    Libc.check(
        Libc.CALLS.renameat2(AT_FDCWD, Libc.cstring(from), AT_FDCWD, Libc.cstring(to), flags),
        "rename",
        from + " to " + to);
  }

  /** unlink(2). */
  public static void unlink(String path) throws PosixException {
    Libc.check(Libc.CALLS.unlink(Libc.cstring(path)), "unlink", path);
  }

  /** unlink(2), where a file that is not there is fine. Answers whether it was there. */
  public static boolean unlinkIfExists(String path) throws PosixException {
    if (Libc.CALLS.unlink(Libc.cstring(path)) == 0) {
      return true;
    }
    int code = Libc.errno();
    if (code == io.azcp.base.Errno.ENOENT.code()) {
      return false;
    }
    throw new PosixException("unlink", path, code);
  }

  /** symlink(2): a link whose content are these bytes. */
  public static void symlink(byte[] target, String path) throws PosixException {
    byte[] terminated = java.util.Arrays.copyOf(target, target.length + 1);
    Libc.check(Libc.CALLS.symlink(terminated, Libc.cstring(path)), "symlink", path);
  }

  /** readlink(2): the content of a link, whatever its bytes. */
  public static byte[] readlink(String path) throws PosixException {
    ByteBuffer b = Libc.buffer(PATH_MAX);
    long n = Libc.CALLS.readlink(Libc.cstring(path), Libc.address(b), b.capacity());
    byte[] target = new byte[(int) Libc.check(n, "readlink", path)];
    b.get(0, target);
    return target;
  }

  /** rmdir(2). */
  public static void rmdir(String path) throws PosixException {
    Libc.check(Libc.CALLS.rmdir(Libc.cstring(path)), "rmdir", path);
  }

  /** mkdir(2), the mode subject to the umask. */
  public static void mkdir(String path, int mode) throws PosixException {
    Libc.check(Libc.CALLS.mkdir(Libc.cstring(path), mode), "mkdir", path);
  }

  /** Makes a directory and its missing parents; one that is there already is fine. */
  public static void mkdirs(String path, int mode) throws PosixException {
    int code = tryMkdir(path, mode);
    int slash = path.lastIndexOf('/', path.length() - 2);
    if (code == io.azcp.base.Errno.ENOENT.code() && slash > 0) {
      mkdirs(path.substring(0, slash), mode);
      // Once only: some file systems, as /proc, answer ENOENT for ever.
      code = tryMkdir(path, mode);
    }
    boolean there =
        code == 0 || (code == io.azcp.base.Errno.EEXIST.code() && stat(path).isDirectory());
    if (!there) {
      throw new PosixException("mkdir", path, code);
    }
  }

  private static int tryMkdir(String path, int mode) {
    return Libc.CALLS.mkdir(Libc.cstring(path), mode) == 0 ? 0 : Libc.errno();
  }

  /** chmod(2). */
  public static void chmod(String path, int mode) throws PosixException {
    Libc.check(Libc.CALLS.chmod(Libc.cstring(path), mode), "chmod", path);
  }

  /** Sets access and modification time, nanoseconds since the epoch, of the path itself. */
  public static void setTimes(String path, long atimeNanos, long mtimeNanos) throws PosixException {
    Libc.check(
        Libc.CALLS.utimensat(
            AT_FDCWD,
            Libc.cstring(path),
            Libc.address(Fd.timespecs(atimeNanos, mtimeNanos)),
            AT_SYMLINK_NOFOLLOW),
        "utimensat",
        path);
  }

  /** Capacity of the file system that holds the path. */
  public static Space space(String path) throws PosixException {
    ByteBuffer b = Libc.buffer(256);
    Libc.check(Libc.CALLS.statvfs(Libc.cstring(path), Libc.address(b)), "statvfs", path);
    long block = b.getLong(8);
    return new Space(
        block,
        b.getLong(16) * block,
        b.getLong(24) * block,
        b.getLong(32) * block,
        b.getLong(40),
        b.getLong(48));
  }

  /**
   * What statvfs(3) tells.
   *
   * @param blockSize fundamental block in bytes
   * @param totalBytes size of the file system
   * @param freeBytes free, including what is reserved for root
   * @param availableBytes free for ordinary users
   * @param totalFiles inodes
   * @param freeFiles free inodes
   */
  public record Space(
      long blockSize,
      long totalBytes,
      long freeBytes,
      long availableBytes,
      long totalFiles,
      long freeFiles) {}
}
