package io.azcp.base.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * The C library. Every function of {@link Calls} answers −1 on failure with errno set; {@link
 * #check} turns that into an exception. Thread-safe.
 *
 * <p>jnr-ffi refuses calls with six arguments that are all integers, so such a function declares
 * one of them as a {@link Pointer}.
 */
final class Libc {
  /** The functions themselves; parameters as in their manual pages, section 2. */
  @SuppressWarnings("checkstyle")
  public interface Calls {
    int open(byte[] path, int flags, int mode);

    int openat(int dir, byte[] path, int flags, int mode);

    int close(int fd);

    int dup2(int from, int to);

    int dup3(int from, int to, int flags);

    long read(int fd, long address, long length);

    long write(int fd, long address, long length);

    long writev(int fd, long iovec, int count);

    long pread(int fd, long address, long length, long offset);

    long pwrite(int fd, long address, long length, long offset);

    int ftruncate(int fd, long length);

    int fallocate(int fd, int mode, long offset, long length);

    long lseek(int fd, long offset, int whence);

    int fsync(int fd);

    int fdatasync(int fd);

    int syncfs(int fd);

    int fcntl(int fd, int command, long argument);

    int ioctl(int fd, long request, long argument);

    int rename(byte[] from, byte[] to);

    int renameat2(int fromDir, byte[] from, int toDir, byte[] to, int flags);

    int link(byte[] from, byte[] to);

    int unlink(byte[] path);

    int rmdir(byte[] path);

    int mkdir(byte[] path, int mode);

    int symlink(byte[] target, byte[] path);

    long readlink(byte[] path, long address, long length);

    int chmod(byte[] path, int mode);

    int fchmod(int fd, int mode);

    int fchown(int fd, int uid, int gid);

    int lchown(byte[] path, int uid, int gid);

    int utimensat(int dir, byte[] path, long times, int flags);

    int futimens(int fd, long times);

    long getxattr(byte[] path, byte[] name, long address, long size);

    long fgetxattr(int fd, byte[] name, long address, long size);

    int setxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

    int fsetxattr(int fd, byte[] name, byte[] value, long size, int flags);

    int removexattr(byte[] path, byte[] name);

    int fremovexattr(int fd, byte[] name);

    int statvfs(byte[] path, long address);

    int mount(byte[] source, byte[] target, byte[] type, long flags, byte[] data);

    int umount2(byte[] target, int flags);

    int getuid();

    int geteuid();

    int getgid();

    int getpid();

    int kill(int pid, int signal);

    int umask(int mask);

    int socketpair(int domain, int type, int protocol, long pair);

    long recvmsg(int socket, long message, int flags);

    int posix_spawnp(
        long pid, byte[] file, long actions, long attributes, long arguments, long environment);

    int posix_spawn_file_actions_init(long actions);

    int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    int posix_spawn_file_actions_destroy(long actions);

    int waitpid(int pid, long status, int options);

    int pipe2(long pair, int flags);

    int setsockopt(int socket, int level, int option, long value, int length);

    int statx(int dir, byte[] path, int flags, int mask, long buffer);

    int setsid();

    long getdents64(int fd, long address, long size);

    int chdir(byte[] path);
  }

  static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");
  static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

  private Libc() {}

  /** A path or name as the zero-terminated UTF-8 the kernel takes, whatever the locale. */
  static byte[] cstring(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return java.util.Arrays.copyOf(utf8, utf8.length + 1);
  }

  /** The error number of the last failed call of this thread. */
  static int errno() {
    return RUNTIME.getLastError();
  }

  static int check(int result, String call, String subject) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, subject, errno());
    }
    return result;
  }

  static long check(long result, String call, String subject) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, subject, errno());
    }
    return result;
  }

  /** A zeroed direct buffer in native byte order. */
  static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** The address of a direct buffer's first byte (its position does not count). */
  static long address(ByteBuffer direct) {
    return Pointer.wrap(RUNTIME, direct.duplicate().position(0)).address();
  }
}
