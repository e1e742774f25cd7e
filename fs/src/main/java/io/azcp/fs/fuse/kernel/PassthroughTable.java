package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which open nodes the kernel serves from a backing file. The kernel refuses (EIO) to have one
 * inode open in both modes, and wants one backing file an inode. So the first open decides, and all
 * that follow until the last release are of its mode, with its backing id. Opens are counted
 * exactly: each {@link #opened} has its {@link #released}. Thread-safe.
 */
final class PassthroughTable {
  private static final Logger LOG = LoggerFactory.getLogger(PassthroughTable.class);

  /** Any file does for asking whether this process may use passthrough at all. */
  private static final String PROBE = "/proc/self/exe";

  /**
   * How often and in which mode a node is open.
   *
   * @param backing the kernel's id of the backing file; 0: cached
   */
  private record Opens(int count, int backing) {}

  private final FuseDevice device;
  private final boolean tracked;
  private final ConcurrentHashMap<Long, Opens> nodes = new ConcurrentHashMap<>();

  /** {@code struct fuse_backing_map}, or the id alone. */
  private final ByteBuffer argument = Native.buffer(16);

  private volatile String refusal;
  private volatile String lastFailure;

  private PassthroughTable(FuseDevice device, String refusal) {
    this.device = device;
    this.refusal = refusal;
    tracked = refusal == null;
  }

  /** Asks the kernel whether it lets this process use passthrough. */
  static PassthroughTable probe(FuseDevice device, boolean wanted, Handshake handshake) {
    if (!wanted) {
      return new PassthroughTable(device, "switched off");
    }
    if (!handshake.passthrough()) {
      return new PassthroughTable(device, "the kernel has none (Linux 6.9 has)");
    }
    PassthroughTable table = new PassthroughTable(device, null);
    long fd = open(PROBE);
    if (fd >= 0) {
      int id = table.openBacking((int) fd);
      if (id > 0) {
        table.closeBacking(id);
      }
      Fd.close((int) fd);
    }
    return table.refusal == null ? table : new PassthroughTable(device, table.refusal);
  }

  private static long open(String path) {
    try {
      return Fd.open(path, Fd.O_RDONLY, 0);
    } catch (io.azcp.base.posix.PosixException e) {
      LOG.debug("no file to probe passthrough with", e);
      return -1;
    }
  }

  /** Counts an open; answers the backing id for it, or 0 where it is cached. */
  int opened(long node, int backingFd) {
    if (!tracked) {
      return 0;
    }
    return nodes
        .compute(
            node,
            (id, opens) ->
                opens == null
                    ? new Opens(1, backingFd < 0 || refusal != null ? 0 : backingOf(backingFd))
                    : new Opens(opens.count() + 1, opens.backing()))
        .backing();
  }

  private int backingOf(int fd) {
    return Math.max(0, openBacking(fd));
  }

  /** Counts a release; with the last one the backing file is given back. */
  void released(long node) {
    if (tracked) {
      nodes.computeIfPresent(
          node,
          (id, opens) -> {
            if (opens.count() > 1) {
              return new Opens(opens.count() - 1, opens.backing());
            }
            if (opens.backing() > 0) {
              closeBacking(opens.backing());
            }
            return null;
          });
    }
  }

  /** {@code struct fuse_backing_map}; answers the id or the negated errno. */
  private int openBacking(int fd) {
    int id;
    synchronized (argument) {
      id = device.ioctl(Protocol.DEV_IOC_BACKING_OPEN, argument.putInt(0, fd));
    }
    if (id <= 0) {
      failed(Errno.of(-id));
    }
    return id;
  }

  private void failed(Errno errno) {
    if (errno == Errno.EPERM) {
      refusal = "it needs root (CAP_SYS_ADMIN)";
      LOG.info("passthrough is off: {}", refusal);
      return;
    }
    String why =
        errno == Errno.ELOOP
            ? "the cache lies on a stacked file system (overlayfs)"
            : "the kernel refused a file: " + errno.text();
    if (!why.equals(lastFailure)) {
      LOG.warn("a file is served without passthrough: {}", why);
    }
    lastFailure = why;
  }

  private void closeBacking(int id) {
    int n;
    synchronized (argument) {
      n = device.ioctl(Protocol.DEV_IOC_BACKING_CLOSE, argument.putInt(0, id));
    }
    if (n < 0 && -n != Errno.ENODEV.code()) {
      LOG.warn("backing file {} was not given back: {}", id, Errno.of(-n).text());
    }
  }

  /** Whether files may be served from backing files. */
  boolean isOn() {
    return refusal == null;
  }

  /** For status: "passthrough", or that there is none and why. */
  String describe() {
    if (refusal != null) {
      return "no passthrough: " + refusal;
    }
    return lastFailure == null
        ? "passthrough"
        : "passthrough, but not for all files: " + lastFailure;
  }
}
