package io.azcp.fs.fuse.kernel;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.nio.ByteBuffer;

/**
 * What the kernel and this program agree on in INIT, the first request of a mount.
 *
 * <p>Asked for: 1 MiB requests, listings with attributes where they are used, parallel operations
 * in one directory, O_TRUNC within open, dropping of set-id bits by us (else every write asks for
 * an attribute first), data dropped when size or mtime changed. Not asked for: WRITEBACK_CACHE,
 * with which the kernel silently refuses passthrough; locks, which stay in the kernel.
 *
 * @param minor the protocol's minor version
 * @param passthrough whether the kernel knows passthrough
 * @param maxWrite bytes of the largest READ and WRITE
 */
record Handshake(int minor, boolean passthrough, int maxWrite) {
  static final int MAX_PAGES = 256;
  static final int MAX_WRITE = MAX_PAGES * 4096;

  /** Requests in the background at once: read-ahead and asynchronous direct I/O. */
  private static final int MAX_BACKGROUND = 128;

  private static final int CONGESTION = 96;

  /**
   * File systems that may lie on each other: ours on a backing one on overlayfs is 2; the kernel
   * allows no more.
   */
  private static final int MAX_STACK_DEPTH = 2;

  private static final long WANTED =
      Protocol.ASYNC_READ
          | Protocol.ATOMIC_O_TRUNC
          | Protocol.BIG_WRITES
          | Protocol.AUTO_INVAL_DATA
          | Protocol.DO_READDIRPLUS
          | Protocol.READDIRPLUS_AUTO
          | Protocol.ASYNC_DIO
          | Protocol.PARALLEL_DIROPS
          | Protocol.MAX_PAGES
          | Protocol.CACHE_SYMLINKS
          | Protocol.HANDLE_KILLPRIV_V2
          | Protocol.INIT_EXT;

  /** Reads INIT from a freshly mounted device and answers it. */
  static Handshake answer(FuseDevice device, boolean wantPassthrough) throws AzcpException {
    Incoming in = new Incoming(MAX_WRITE);
    long n = in.read(device);
    while (n == -Errno.EINTR.code()) {
      n = in.read(device);
    }
    if (n < 0) {
      throw new AzcpException(
          Errno.EIO, "cannot mount: /dev/fuse answered: " + Errno.of((int) -n).text());
    }
    int major = in.word(0);
    int minor = in.word(4);
    if (in.opcode() != Protocol.INIT || major != Protocol.MAJOR || minor < Protocol.OLDEST_MINOR) {
      throw new AzcpException(
          Errno.EPROTO,
          "cannot mount: the kernel speaks FUSE "
              + major
              + "."
              + minor
              + ", at least 7."
              + Protocol.OLDEST_MINOR
              + " (Linux 5.4) is needed");
    }
    long offered = in.word(12) & 0xffffffffL;
    if ((offered & Protocol.INIT_EXT) != 0) {
      offered |= (long) in.word(16) << 32;
    }
    long granted = offered & (wantPassthrough ? WANTED | Protocol.PASSTHROUGH : WANTED);
    Handshake result =
        new Handshake(
            Math.min(minor, Protocol.MINOR), (granted & Protocol.PASSTHROUGH) != 0, MAX_WRITE);
    result.send(device, in.unique(), granted);
    return result;
  }

  /** {@code struct fuse_init_out}. */
  private void send(FuseDevice device, long unique, long granted) throws AzcpException {
    ReplyBuffer reply = new ReplyBuffer(4096);
    ByteBuffer b = reply.body();
    b.putInt(0, Protocol.MAJOR).putInt(4, minor).putInt(8, maxWrite).putInt(12, (int) granted);
    b.putShort(16, (short) MAX_BACKGROUND).putShort(18, (short) CONGESTION);
    b.putInt(20, maxWrite).putInt(24, 1).putShort(28, (short) MAX_PAGES);
    b.putInt(32, (int) (granted >>> 32)).putInt(36, passthrough ? MAX_STACK_DEPTH : 0);
    long n = reply.send(device, unique, Protocol.INIT_OUT_BYTES);
    if (n < 0) {
      throw new AzcpException(
          Errno.EIO, "cannot mount: the kernel refused INIT: " + Errno.of((int) -n).text());
    }
  }
}
