package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.fuse.StatFs;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.Struct;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import ru.serce.jnrfuse.FuseFillDir;
import ru.serce.jnrfuse.FuseStubFS;
import ru.serce.jnrfuse.struct.FileStat;
import ru.serce.jnrfuse.struct.FuseContext;
import ru.serce.jnrfuse.struct.FuseFileInfo;
import ru.serce.jnrfuse.struct.Statvfs;
import ru.serce.jnrfuse.struct.Timespec;

/**
 * The callbacks of libfuse 2: takes jnr-fuse's structures apart, calls {@link PathFileSystem}, and
 * turns every failure into a negated errno. Called by libfuse's threads.
 *
 * <p>{@code fsyncdir} is not among them, so that the kernel answers it: jnr-fuse 0.5.8 declares it
 * without its flag, which arrives as the address of the open directory. No port has to be told, as
 * changes of names are kept before they are answered.
 */
final class LibFuse2 extends FuseStubFS {
  private static final Logger LOG = LoggerFactory.getLogger(LibFuse2.class);
  private static final int PERMISSIONS = 07777;
  private static final int XATTR_MAX = 64 << 10;

  /** {@code UTIME_NOW} and {@code UTIME_OMIT} of sys/stat.h. */
  private static final long UTIME_NOW = (1L << 30) - 1;

  private static final long UTIME_OMIT = (1L << 30) - 2;

  /** Where {@code struct fuse_operations} has its flags: after 38 pointers. */
  private static final int OPERATION_FLAGS = 38 * 8;

  private static final int FLAG_UTIME_OMIT_OK = 1 << 2;

  /** The bits of {@code struct fuse_file_info}, behind writepage. */
  private static final int FILE_INFO_BITS = 20;

  private static final byte DIRECT_IO = 1;
  private static final byte KEEP_CACHE = 1 << 1;

  private final PathFileSystem files;
  private final CountDownLatch ready = new CountDownLatch(1);

  LibFuse2(PathFileSystem files) {
    this.files = files;
    // Without it libfuse drops a change of one of the two times.
    Struct.getMemory(fuseOperations).putInt(OPERATION_FLAGS, FLAG_UTIME_OMIT_OK);
  }

  /** Mounts and serves until unmounted; answers libfuse's exit status. */
  int run(List<String> arguments) {
    String[] argv = arguments.toArray(new String[0]);
    return libFuse.fuse_main_real(
        argv.length, argv, fuseOperations, Struct.size(fuseOperations), null);
  }

  /** Open once the kernel has asked for the first time. */
  CountDownLatch ready() {
    return ready;
  }

  @Override
  public Pointer init(Pointer connection) {
    ready.countDown();
    return null;
  }

  @FunctionalInterface
  private interface Callback {
    int run() throws Refusal;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Refusal;
  }

  private static int answer(Callback callback) {
    try {
      return callback.run();
    } catch (Refusal e) {
      return -e.errno().code();
    } catch (RuntimeException | Error e) {
      LOG.error("a file system operation failed", e);
      return -Errno.EIO.code();
    }
  }

  private static int done(Action action) {
    return answer(
        () -> {
          action.run();
          return 0;
        });
  }

  private Caller caller() {
    FuseContext context = getContext();
    return new Caller((int) context.uid.get(), (int) context.gid.get(), (int) context.pid.get());
  }

  private static void fill(FileStat stat, Attributes a) {
    stat.st_ino.set(a.inode());
    stat.st_mode.set(a.mode());
    stat.st_nlink.set(a.links());
    stat.st_uid.set(a.uid());
    stat.st_gid.set(a.gid());
    stat.st_size.set(a.size());
    stat.st_blocks.set(a.blocks());
    stat.st_blksize.set(4096);
    stat.st_rdev.set(a.device());
    set(stat.st_atim, a.atimeNanos());
    set(stat.st_mtim, a.mtimeNanos());
    set(stat.st_ctim, a.ctimeNanos());
  }

  private static void set(Timespec time, long nanos) {
    time.tv_sec.set(Math.floorDiv(nanos, 1_000_000_000L));
    time.tv_nsec.set(Math.floorMod(nanos, 1_000_000_000L));
  }

  @Override
  public int getattr(String path, FileStat stat) {
    return done(() -> fill(stat, files.getattr(caller(), path)));
  }

  @Override
  public int fgetattr(String path, FileStat stat, FuseFileInfo info) {
    return done(() -> fill(stat, files.getattr(info.fh.get())));
  }

  @Override
  public int readlink(String path, Pointer buffer, long size) {
    return done(
        () -> {
          byte[] target = files.readlink(caller(), path);
          int length = (int) Math.min(target.length, size - 1);
          buffer.put(0, target, 0, length);
          buffer.putByte(length, (byte) 0);
        });
  }

  @Override
  public int mknod(String path, long mode, long device) {
    int bits = (int) mode & (Stat.TYPE_MASK | PERMISSIONS);
    return done(() -> files.mknod(caller(), path, bits, (int) device));
  }

  @Override
  public int mkdir(String path, long mode) {
    return done(() -> files.mkdir(caller(), path, (int) mode & PERMISSIONS));
  }

  @Override
  public int unlink(String path) {
    return done(() -> files.unlink(caller(), path));
  }

  @Override
  public int rmdir(String path) {
    return done(() -> files.rmdir(caller(), path));
  }

  @Override
  public int symlink(String target, String path) {
    return done(() -> files.symlink(caller(), target, path));
  }

  @Override
  public int rename(String from, String to) {
    return done(() -> files.rename(caller(), from, to));
  }

  @Override
  public int link(String from, String to) {
    return -Errno.EPERM.code();
  }

  @Override
  public int chmod(String path, long mode) {
    int bits = (int) mode & PERMISSIONS;
    return change(path, new SetAttributes(bits, null, null, null, null, null));
  }

  @Override
  public int chown(String path, long uid, long gid) {
    Integer owner = (int) uid == -1 ? null : (int) uid;
    Integer group = (int) gid == -1 ? null : (int) gid;
    return change(path, new SetAttributes(null, owner, group, null, null, null));
  }

  @Override
  public int truncate(String path, long size) {
    return change(path, new SetAttributes(null, null, null, size, null, null));
  }

  private int change(String path, SetAttributes change) {
    return done(() -> files.setattr(caller(), path, change));
  }

  @Override
  public int ftruncate(String path, long size, FuseFileInfo info) {
    SetAttributes change = new SetAttributes(null, null, null, size, null, null);
    return done(() -> files.setattr(caller(), info.fh.get(), change));
  }

  @Override
  public int utimens(String path, Timespec[] times) {
    return change(
        path, new SetAttributes(null, null, null, null, nanos(times[0]), nanos(times[1])));
  }

  private static Long nanos(Timespec time) {
    long nanos = time.tv_nsec.longValue();
    if (nanos == UTIME_OMIT) {
      return null;
    }
    if (nanos == UTIME_NOW) {
      java.time.Instant now = java.time.Instant.now();
      return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
    return time.tv_sec.get() * 1_000_000_000L + nanos;
  }

  private static void remember(FuseFileInfo info, PathFileSystem.Handle handle) {
    info.fh.set(handle.number());
    byte bit =
        switch (handle.way()) {
          case KEEP -> KEEP_CACHE;
          case DIRECT -> DIRECT_IO;
          case FRESH -> 0;
        };
    Pointer memory = Struct.getMemory(info);
    memory.putByte(FILE_INFO_BITS, (byte) (memory.getByte(FILE_INFO_BITS) | bit));
  }

  @Override
  public int open(String path, FuseFileInfo info) {
    return done(() -> remember(info, files.open(caller(), path, info.flags.get())));
  }

  @Override
  public int create(String path, long mode, FuseFileInfo info) {
    int bits = (int) mode & PERMISSIONS;
    return done(() -> remember(info, files.create(caller(), path, info.flags.get(), bits)));
  }

  @Override
  public int read(String path, Pointer buffer, long size, long offset, FuseFileInfo info) {
    return answer(() -> files.open().read(info.fh.get(), buffer.address(), (int) size, offset));
  }

  @Override
  public int write(String path, Pointer buffer, long size, long offset, FuseFileInfo info) {
    return answer(() -> files.open().write(info.fh.get(), buffer.address(), (int) size, offset));
  }

  @Override
  public int flush(String path, FuseFileInfo info) {
    return done(() -> files.open().call(info.fh.get(), FileSystemPort::flush));
  }

  @Override
  public int release(String path, FuseFileInfo info) {
    return done(() -> files.open().close(info.fh.get(), FileSystemPort::release));
  }

  @Override
  public int fsync(String path, int dataOnly, FuseFileInfo info) {
    return done(
        () ->
            files
                .open()
                .call(
                    info.fh.get(),
                    (port, node, handle, reply) -> port.fsync(node, handle, dataOnly != 0, reply)));
  }

  @Override
  public int fallocate(String path, int mode, long offset, long length, FuseFileInfo info) {
    if (mode != 0) {
      return -Errno.EOPNOTSUPP.code();
    }
    return done(
        () ->
            files
                .open()
                .call(
                    info.fh.get(),
                    (port, node, handle, reply) ->
                        port.fallocate(node, handle, mode, offset, length, reply)));
  }

  @Override
  public int opendir(String path, FuseFileInfo info) {
    return done(() -> info.fh.set(files.opendir(caller(), path)));
  }

  @Override
  public int readdir(
      String path, Pointer buffer, FuseFillDir filler, long offset, FuseFileInfo info) {
    return done(() -> files.readdir(info.fh.get(), offset, new Filler(buffer, filler)));
  }

  /** Hands entries to libfuse, with type and inode number, until its buffer is full. */
  private static final class Filler implements DirectorySink {
    private final Pointer buffer;
    private final FuseFillDir filler;
    private final FileStat stat = new FileStat(Runtime.getSystemRuntime());
    private final Pointer memory;

    Filler(Pointer buffer, FuseFillDir filler) {
      this.buffer = buffer;
      this.filler = filler;
      memory = jnr.ffi.Memory.allocateDirect(Runtime.getSystemRuntime(), Struct.size(stat), true);
      stat.useMemory(memory);
    }

    @Override
    public boolean plus() {
      return false;
    }

    @Override
    public boolean add(byte[] name, long cookie, long inode, int mode, Entry entry) {
      stat.st_ino.set(inode);
      stat.st_mode.set(mode);
      ByteBuffer text = ByteBuffer.allocateDirect(name.length + 1).put(0, name);
      return filler.apply(buffer, text, memory, cookie) == 0;
    }
  }

  @Override
  public int releasedir(String path, FuseFileInfo info) {
    return done(() -> files.open().close(info.fh.get(), FileSystemPort::releasedir));
  }

  @Override
  public int statfs(String path, Statvfs out) {
    return done(
        () -> {
          StatFs s = files.statfs();
          out.f_bsize.set(s.blockSize());
          out.f_frsize.set(s.blockSize());
          out.f_blocks.set(s.blocks());
          out.f_bfree.set(s.freeBlocks());
          out.f_bavail.set(s.availableBlocks());
          out.f_files.set(s.files());
          out.f_ffree.set(s.freeFiles());
          out.f_favail.set(s.freeFiles());
          out.f_namemax.set(255);
        });
  }

  @Override
  public int getxattr(String path, String name, Pointer value, long size) {
    return answer(() -> xattr(files.getxattr(caller(), path, name), value, size));
  }

  @Override
  public int listxattr(String path, Pointer list, long size) {
    return answer(() -> xattr(files.listxattr(caller(), path), list, size));
  }

  private static int xattr(byte[] value, Pointer into, long size) throws Refusal {
    if (size != 0) {
      if (value.length > size) {
        throw new Refusal(Errno.ERANGE);
      }
      into.put(0, value, 0, value.length);
    }
    return value.length;
  }

  @Override
  public int setxattr(String path, String name, Pointer value, long size, int flags) {
    return done(
        () -> {
          byte[] bytes = new byte[(int) Math.min(size, XATTR_MAX)];
          if (bytes.length > 0) {
            value.get(0, bytes, 0, bytes.length);
          }
          files.setxattr(caller(), path, name, bytes, flags);
        });
  }

  @Override
  public int removexattr(String path, String name) {
    return done(() -> files.removexattr(caller(), path, name));
  }
}
