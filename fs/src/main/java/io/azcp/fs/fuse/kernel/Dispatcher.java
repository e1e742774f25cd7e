package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.fs.fuse.FileSystemPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one request after the other into a call of the port. The only place that catches whatever a
 * handler throws. Used by one reader thread; {@link #current} by the deadline thread.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int PERMISSIONS = 07777;
  private static final int TYPE_MASK = 0170000;
  private static final int RENAME_NOREPLACE = 1;

  private final Connection connection;
  private final FileSystemPort port;
  private final FuseDevice device;
  private final Incoming in;
  private volatile Request current;

  Dispatcher(Connection connection, FuseDevice device, Incoming in) {
    this.connection = connection;
    this.port = connection.port();
    this.device = device;
    this.in = in;
  }

  /** The request whose handler runs now, or null. */
  Request current() {
    return current;
  }

  /** Serves the request that was read. */
  void dispatch() {
    try {
      serve(in.opcode());
    } catch (RuntimeException | Error e) {
      LOG.error("the handler of FUSE operation {} failed", in.opcode(), e);
      Request failed = current == null ? new Answers.Empty(connection, device, in) : current;
      failed.cut(Errno.EIO);
    }
    Request request = current;
    current = null;
    if (request != null && request.isPending()) {
      connection.inFlight().park(request);
    }
  }

  private <R extends Request> R begin(R request) {
    current = request;
    return request;
  }

  private Answers.Empty empty() {
    return begin(new Answers.Empty(connection, device, in));
  }

  private Answers.Name named() {
    return begin(new Answers.Name(connection, device, in));
  }

  private void refuse(Errno errno) {
    empty().fail(errno);
  }

  /** An operation the kernel does not ask for again once it got ENOSYS gets it. */
  private void serve(int opcode) {
    switch (opcode) {
      case Protocol.LOOKUP -> port.lookup(in.caller(), in.node(), in.name(0), named());
      case Protocol.FORGET -> port.forget(in.node(), in.wide(0));
      case Protocol.BATCH_FORGET -> forgetAll();
      case Protocol.GETATTR -> getattr();
      case Protocol.SETATTR -> setattr();
      case Protocol.READLINK ->
          port.readlink(in.node(), begin(new Answers.Bytes(connection, device, in)));
      case Protocol.SYMLINK -> symlink();
      case Protocol.MKNOD -> mknod();
      case Protocol.MKDIR ->
          port.mkdir(in.caller(), in.node(), in.name(8), in.word(0) & PERMISSIONS, named());
      case Protocol.UNLINK -> port.unlink(in.node(), in.name(0), empty());
      case Protocol.RMDIR -> port.rmdir(in.node(), in.name(0), empty());
      case Protocol.RENAME -> rename(8, 0);
      case Protocol.RENAME2 -> rename(16, in.word(8));
      case Protocol.LINK -> refuse(Errno.EPERM);
      case Protocol.OPEN -> open();
      case Protocol.CREATE -> create();
      case Protocol.READ -> read();
      case Protocol.WRITE -> write();
      case Protocol.FLUSH -> port.flush(in.node(), in.wide(0), empty());
      case Protocol.RELEASE -> release();
      case Protocol.FSYNC ->
          port.fsync(in.node(), in.wide(0), (in.word(8) & Protocol.FSYNC_FDATASYNC) != 0, empty());
      case Protocol.FALLOCATE -> fallocate();
      case Protocol.LSEEK ->
          port.lseek(
              in.node(),
              in.wide(0),
              in.wide(8),
              in.word(16),
              begin(new Answers.Count<>(connection, device, in)));
      case Protocol.OPENDIR ->
          port.opendir(in.node(), begin(new Answers.OpenDirectory(connection, device, in)));
      case Protocol.READDIR -> readdir(false);
      case Protocol.READDIRPLUS -> readdir(true);
      case Protocol.RELEASEDIR -> releasedir();
      case Protocol.FSYNCDIR -> port.fsyncdir(in.node(), in.wide(0), empty());
      case Protocol.STATFS -> port.statfs(begin(new Answers.Space(connection, device, in)));
      case Protocol.GETXATTR -> port.getxattr(in.node(), in.name(8), xattr());
      case Protocol.LISTXATTR -> port.listxattr(in.node(), xattr());
      case Protocol.SETXATTR -> setxattr();
      case Protocol.REMOVEXATTR -> port.removexattr(in.node(), in.name(0), empty());
      case Protocol.INTERRUPT -> connection.inFlight().interrupt(in.wide(0));
      case Protocol.NOTIFY_REPLY -> LOG.debug("an answer to a notification that was not sent");
      case Protocol.DESTROY -> empty().ok(null);
      case Protocol.IOCTL -> refuse(Errno.ENOTTY);
      default -> refuse(Errno.ENOSYS);
    }
  }

  /** {@code struct fuse_batch_forget_in}, then (node, count) pairs. */
  private void forgetAll() {
    int count = in.word(0);
    for (int i = 0; i < count; i++) {
      port.forget(in.wide(8 + 16 * i), in.wide(16 + 16 * i));
    }
  }

  /** {@code struct fuse_getattr_in}. */
  private void getattr() {
    long handle = (in.word(0) & Protocol.GETATTR_FH) == 0 ? -1 : in.wide(8);
    port.getattr(in.node(), handle, begin(new Answers.Attr(connection, device, in)));
  }

  /** {@code struct fuse_setattr_in}. */
  private void setattr() {
    int valid = in.word(0);
    Answers.Attr answer = begin(new Answers.Attr(connection, device, in));
    boolean owner = (valid & (Protocol.FATTR_UID | Protocol.FATTR_GID)) != 0;
    if ((valid & Protocol.FATTR_KILL_SUIDGID) != 0 || owner) {
      port.dropSetIds(in.node());
    }
    long handle = (valid & Protocol.FATTR_FH) == 0 ? -1 : in.wide(8);
    long now = (valid & (Protocol.FATTR_ATIME_NOW | Protocol.FATTR_MTIME_NOW)) == 0 ? 0 : now();
    port.setattr(in.caller(), in.node(), handle, AttributeCodec.setattr(in, now), answer);
  }

  private static long now() {
    java.time.Instant now = java.time.Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /** The name, then the target. */
  private void symlink() {
    byte[] name = in.name(0);
    byte[] target = in.name(name.length + 1);
    port.symlink(in.caller(), in.node(), name, target, named());
  }

  /** {@code struct fuse_mknod_in}. */
  private void mknod() {
    int mode = in.word(0) & (TYPE_MASK | PERMISSIONS);
    port.mknod(in.caller(), in.node(), in.name(16), mode, in.word(4), named());
  }

  /** {@code struct fuse_rename_in} or {@code fuse_rename2_in}, the old name, the new name. */
  private void rename(int namesAt, int flags) {
    if ((flags & ~RENAME_NOREPLACE) != 0) {
      refuse(Errno.EINVAL);
      return;
    }
    byte[] from = in.name(namesAt);
    byte[] to = in.name(namesAt + from.length + 1);
    port.rename(in.node(), from, in.wide(0), to, flags, empty());
  }

  /** {@code struct fuse_open_in}. */
  private void open() {
    int flags = in.word(0);
    Answers.Open answer = begin(new Answers.Open(connection, device, in, flags));
    if ((in.word(4) & Protocol.OPEN_KILL_SUIDGID) != 0) {
      port.dropSetIds(in.node());
    }
    port.open(in.caller(), in.node(), flags, answer);
  }

  /** {@code struct fuse_create_in}. The kernel has applied the umask. */
  private void create() {
    int flags = in.word(0) & ~Fd.O_CREAT;
    int opening = flags & ~Fd.O_EXCL;
    Answers.Create answer = begin(new Answers.Create(connection, device, in, opening));
    port.create(in.caller(), in.node(), in.name(16), flags, in.word(4) & PERMISSIONS, answer);
  }

  /** {@code struct fuse_read_in}. */
  private void read() {
    int size = Math.min(in.word(16), Handshake.MAX_WRITE);
    ReadAnswer answer = begin(new ReadAnswer(connection, device, in, size));
    port.read(in.node(), in.wide(0), in.wide(8), size, answer);
  }

  /** {@code struct fuse_write_in}, then the bytes. */
  private void write() {
    Answers.Count<Integer> answer = begin(new Answers.Count<>(connection, device, in));
    if ((in.word(20) & Protocol.WRITE_KILL_SUIDGID) != 0) {
      port.dropSetIds(in.node());
    }
    port.write(in.node(), in.wide(0), in.wide(8), in.slice(40, in.word(16)), answer);
  }

  /** {@code struct fuse_release_in}. */
  private void release() {
    connection.passthrough().released(in.node());
    connection.handles().released(in.node(), in.wide(0));
    port.release(in.node(), in.wide(0), empty());
  }

  /** {@code struct fuse_release_in}. */
  private void releasedir() {
    connection.handles().releasedDirectory(in.node(), in.wide(0));
    port.releasedir(in.node(), in.wide(0), empty());
  }

  /** {@code struct fuse_fallocate_in}. */
  private void fallocate() {
    int mode = in.word(24);
    if (mode != 0) {
      refuse(Errno.EOPNOTSUPP);
      return;
    }
    port.fallocate(in.node(), in.wide(0), mode, in.wide(8), in.wide(16), empty());
  }

  /** {@code struct fuse_read_in}. */
  private void readdir(boolean plus) {
    DirectoryAnswer answer = begin(new DirectoryAnswer(connection, device, in, in.word(16), plus));
    port.readdir(in.node(), in.wide(0), in.wide(8), answer, answer);
  }

  /** {@code struct fuse_getxattr_in}. */
  private Answers.Xattr xattr() {
    return begin(new Answers.Xattr(connection, device, in, in.word(0)));
  }

  /** {@code struct fuse_setxattr_in} of the form without SETXATTR_EXT, the name, the value. */
  private void setxattr() {
    byte[] name = in.name(8);
    byte[] value = in.bytes(8 + name.length + 1, in.word(0));
    port.setxattr(in.node(), name, value, in.word(4), empty());
  }
}
