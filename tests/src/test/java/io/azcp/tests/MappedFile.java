package io.azcp.tests;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;

/**
 * A file mapped shared and read-only. It is read through a system call that copies from the map, so
 * that a page that cannot be had is an answer ({@code EFAULT}) and not a signal to this JVM.
 */
final class MappedFile implements AutoCloseable {
  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;
  private static final int DONT_NEED = 4;
  private static final Calls CALLS = LibraryLoader.create(Calls.class).load("c");

  private final long address;
  private final long length;
  private final int scratch;

  /** The functions the C library has for this; one argument is a pointer because of jnr-ffi. */
  @SuppressWarnings("MemberName")
  public interface Calls {
    long mmap(Pointer address, long length, int protection, int flags, int fd, long offset);

    int munmap(long address, long length);

    int posix_fadvise(int fd, long offset, long length, int advice);
  }

  private MappedFile(long address, long length) throws IOException {
    this.address = address;
    this.length = length;
    Path file = Files.createTempFile("azcp-mapped", "");
    scratch = Fd.open(file.toString(), Fd.O_RDWR, 0);
    Files.delete(file);
  }

  /** Maps a file of at least one byte; null where the file cannot be mapped shared. */
  static MappedFile of(int fd, long length) throws IOException {
    long address = CALLS.mmap(null, length, PROT_READ, MAP_SHARED, fd, 0);
    return address == -1 ? null : new MappedFile(address, length);
  }

  /** Has the kernel forget its pages of an open file, as far as nobody maps them. */
  static void forgetPages(int fd) {
    CALLS.posix_fadvise(fd, 0, 0, DONT_NEED);
  }

  long length() {
    return length;
  }

  /**
   * Copies from the map into the buffer's remaining bytes.
   *
   * @return the bytes copied, or a negated errno
   */
  long read(long offset, ByteBuffer direct) throws PosixException {
    long n = Fd.pwriteRaw(scratch, address + offset, direct.remaining(), 0);
    if (n < 0) {
      return n;
    }
    direct.limit(direct.position() + (int) n);
    Fd.pread(scratch, direct, 0);
    return direct.hasRemaining() ? -Errno.EIO.code() : n;
  }

  @Override
  public void close() {
    CALLS.munmap(address, length);
    Fd.close(scratch);
  }
}
