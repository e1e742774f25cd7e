package io.azcp.fs.fuse.kernel;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One descriptor of /dev/fuse. A request must be answered on the descriptor it was read from: each
 * has its own table of requests in process. Thread-safe.
 *
 * <p>Answers come from any thread, also after the mount has ended, when the number of the closed
 * descriptor may already name another file. So every use is counted, and the descriptor is closed
 * when its last user has left.
 */
final class FuseDevice implements AutoCloseable {
  private static final String PATH = "/dev/fuse";
  private static final int CLOSED = Integer.MIN_VALUE;

  private final int fd;
  private final AtomicInteger users = new AtomicInteger();
  private volatile boolean closing;

  FuseDevice(int fd) {
    this.fd = fd;
  }

  /** Opens the device, to be mounted. */
  static FuseDevice open() throws AzcpException {
    try {
      return new FuseDevice(Fd.open(PATH, Fd.O_RDWR, 0));
    } catch (PosixException e) {
      throw new AzcpException(e.errno(), "cannot mount: " + explain(e.errno()), e);
    }
  }

  private static String explain(Errno errno) {
    return switch (errno) {
      case ENOENT, ENODEV, ENXIO ->
          PATH + " is missing; load the fuse module, or give the container --device /dev/fuse";
      case EACCES, EPERM ->
          PATH + " may not be opened; run as root or give the container --device /dev/fuse";
      default -> PATH + " cannot be opened: " + errno.text();
    };
  }

  /** Another descriptor of the same connection ({@code FUSE_DEV_IOC_CLONE}). */
  FuseDevice cloned() throws PosixException {
    FuseDevice other = new FuseDevice(Fd.open(PATH, Fd.O_RDWR, 0));
    ByteBuffer number = Native.buffer(8).putInt(0, fd);
    if (other.ioctl(Protocol.DEV_IOC_CLONE, number) < 0) {
      other.close();
      return this;
    }
    return other;
  }

  /** The descriptor's number, for mount options. */
  int number() {
    return fd;
  }

  /** read(2) of one request; answers its length or the negated errno. */
  long read(long address, long length) {
    if (!enter()) {
      return -Errno.ENODEV.code();
    }
    try {
      return Fd.readRaw(fd, address, length);
    } finally {
      leave();
    }
  }

  /** write(2) of one answer or notification; answers its length or the negated errno. */
  long write(long address, long length) {
    if (!enter()) {
      return -Errno.ENODEV.code();
    }
    try {
      return Fd.writeRaw(fd, address, length);
    } finally {
      leave();
    }
  }

  /** writev(2) of one answer; answers its length or the negated errno. */
  long writev(long iovecs, int count) {
    if (!enter()) {
      return -Errno.ENODEV.code();
    }
    try {
      return Fd.writevRaw(fd, iovecs, count);
    } finally {
      leave();
    }
  }

  /** ioctl(2) on a structure; answers the result or the negated errno. */
  int ioctl(long request, ByteBuffer argument) {
    if (!enter()) {
      return -Errno.ENODEV.code();
    }
    try {
      return Fd.ioctlRaw(fd, request, Native.address(argument));
    } finally {
      leave();
    }
  }

  private boolean enter() {
    int n = users.get();
    while (n != CLOSED) {
      if (users.compareAndSet(n, n + 1)) {
        return true;
      }
      n = users.get();
    }
    return false;
  }

  private void leave() {
    if (users.decrementAndGet() == 0 && closing) {
      closeUnused();
    }
  }

  private void closeUnused() {
    if (users.compareAndSet(0, CLOSED)) {
      Fd.close(fd);
    }
  }

  /** Closes it as soon as nobody uses it. */
  @Override
  public void close() {
    closing = true;
    closeUnused();
  }
}
