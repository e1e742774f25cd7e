package io.azcp.fs.fuse;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A node of a {@link MemoryTree}: its attributes, and its content in a file. Guarded by the tree.
 */
final class MemoryNode {
  /** How long the kernel may keep names and attributes. */
  static final long TTL = 1_000_000_000L;

  final long id;
  final String backing;
  MemoryNode parent;
  int mode;
  int uid;
  int gid;
  long changed = now();
  long modified = changed;
  byte[] target;
  Map<String, MemoryNode> children;
  final Map<String, byte[]> xattrs = new LinkedHashMap<>();
  long lookups;
  int opens;
  int fd = -1;
  boolean backed;
  boolean unlinked;
  boolean stale;
  long seenSize = -1;
  long seenTime = -1;
  private long accessed = changed;

  MemoryNode(long id, MemoryNode parent, int mode, Caller caller, Path folder) {
    this.id = id;
    this.parent = parent;
    this.mode = mode;
    uid = caller.uid();
    gid = caller.gid();
    backing = folder.resolve("node-" + id).toString();
  }

  /** An operation fails with an errno. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1;
    final Errno errno;

    Failure(Errno errno) {
      super(errno.text(), null, false, false);
      this.errno = errno;
    }
  }

  @FunctionalInterface
  interface FileWork {
    void run() throws AzcpException;
  }

  static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  boolean isDirectory() {
    return children != null;
  }

  Attributes attributes() throws PosixException {
    long size = target == null ? 0 : target.length;
    long blocks = 0;
    long mtime = modified;
    long atime = accessed;
    if (backed && (fd >= 0 || !unlinked)) {
      Stat stat = fd >= 0 ? Files.fstat(fd) : Files.lstat(backing);
      size = stat.size();
      blocks = stat.blocks();
      mtime = stat.mtimeNanos();
      atime = stat.atimeNanos();
    }
    int links = unlinked ? 0 : isDirectory() ? 2 : 1;
    long ctime = Math.max(changed, mtime);
    return new Attributes(id, mode, links, uid, gid, size, blocks, atime, mtime, ctime, 0, TTL);
  }

  void setTimes(SetAttributes change) throws AzcpException, Failure {
    Attributes was = attributes();
    accessed = change.atimeNanos() == null ? was.atimeNanos() : change.atimeNanos();
    modified = change.mtimeNanos() == null ? was.mtimeNanos() : change.mtimeNanos();
    if ((mode & Stat.TYPE_MASK) == Stat.REGULAR) {
      withFile(() -> Fd.setTimes(fd, accessed, modified));
    }
  }

  void withFile(FileWork work) throws AzcpException, Failure {
    openFile();
    try {
      work.run();
    } finally {
      closeFile();
    }
  }

  void openFile() throws AzcpException, Failure {
    if (isDirectory()) {
      throw new Failure(Errno.EISDIR);
    }
    if (fd < 0) {
      fd = Fd.open(backing, Fd.O_RDWR | Fd.O_CREAT, 0600);
      backed = true;
    }
    opens++;
  }

  void closeFile() {
    if (--opens == 0) {
      Fd.close(fd);
      fd = -1;
    }
  }
}
