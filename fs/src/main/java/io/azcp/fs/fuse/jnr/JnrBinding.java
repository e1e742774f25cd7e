package io.azcp.fs.fuse.jnr;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.MountPoint;
import io.azcp.fs.fuse.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount through libfuse 2 (jnr-fuse). What it cannot do, and {@code KernelBinding} can: requests
 * over 128 KiB, listings with attributes, passthrough, notifications (the kernel keeps names and
 * attributes for {@value #TIMEOUT_SECONDS} s), mapping shared what was replaced while it is open or
 * within that time, interrupting a waiting call, names that are not text in the JVM's default
 * charset. jnr-fuse makes garbage and attaches threads with every call: give the JVM a small heap.
 */
public final class JnrBinding implements Binding {
  private static final Logger LOG = LoggerFactory.getLogger(JnrBinding.class);
  private static final int TIMEOUT_SECONDS = 1;
  private static final int MAX_IO = 128 << 10;
  private static final long MOUNT_SECONDS = 30;
  private static final long END_SECONDS = 5;

  private final String mountPoint;
  private final PathFileSystem files;
  private final LibFuse2 library;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile int status;
  private String device = "";

  private JnrBinding(MountOptions options, String mountPoint, FileSystemPort port)
      throws AzcpException {
    this.mountPoint = mountPoint;
    files =
        new PathFileSystem(
            port, options.requestDeadline(), TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS));
    library = load(mountPoint, files);
    thread = new Thread(() -> serve(arguments(options, mountPoint)), "fuse-jnr");
    thread.setDaemon(true);
  }

  /**
   * Mounts the port and serves it until it is unmounted. A dead mount of ours at the place is
   * cleared away first. When this returns the mount answers.
   *
   * @throws AzcpException one sentence: what is missing or not permitted
   */
  public static JnrBinding mount(MountOptions options, FileSystemPort port) throws IOException {
    String mountPoint = MountPoint.prepare(options.mountPoint());
    if (!Files.exists(Path.of("/dev/fuse"))) {
      throw new AzcpException(
          Errno.ENODEV,
          "cannot mount on "
              + mountPoint
              + ": /dev/fuse is missing; load the fuse module, or give the container --device"
              + " /dev/fuse");
    }
    JnrBinding binding = new JnrBinding(options, mountPoint, port);
    binding.start();
    return binding;
  }

  private static LibFuse2 load(String mountPoint, PathFileSystem files) throws AzcpException {
    try {
      return new LibFuse2(files);
    } catch (LinkageError e) {
      throw new AzcpException(
          Errno.ENOSYS,
          "cannot mount on "
              + mountPoint
              + " through libfuse: libfuse.so.2 is missing; install it with: apt-get install"
              + " libfuse2",
          e);
    }
  }

  private static List<String> arguments(MountOptions options, String mountPoint) {
    StringBuilder o = new StringBuilder("fsname=");
    o.append(options.source().replace("\\", "\\\\").replace(",", "\\,"));
    o.append(",subtype=").append(MountOptions.SUBTYPE);
    o.append(",nosuid,nodev,default_permissions,use_ino,readdir_ino,atomic_o_trunc,big_writes");
    o.append(",max_read=").append(MAX_IO).append(",max_readahead=").append(MAX_IO);
    o.append(",attr_timeout=").append(TIMEOUT_SECONDS);
    o.append(",entry_timeout=").append(TIMEOUT_SECONDS).append(",negative_timeout=0");
    if (options.allowOther()) {
      o.append(",allow_other");
    }
    if (options.readOnly()) {
      o.append(",ro");
    }
    return List.of(MountOptions.SUBTYPE, "-f", "-o", o.toString(), mountPoint);
  }

  private void serve(List<String> arguments) {
    try {
      status = library.run(arguments);
    } finally {
      files.end();
      ended.countDown();
    }
  }

  private void start() throws IOException {
    thread.start();
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOUNT_SECONDS);
      while (!library.ready().await(20, TimeUnit.MILLISECONDS)) {
        if (ended.getCount() == 0 || System.nanoTime() - end > 0) {
          throw new AzcpException(
              Errno.EIO,
              "cannot mount on "
                  + mountPoint
                  + ": libfuse ended with status "
                  + status
                  + "; it said why on standard error");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new AzcpException(Errno.EINTR, "interrupted while mounting on " + mountPoint, e);
    }
    device = MountTable.at(mountPoint).map(MountTable.Mount::device).orElse("");
  }

  @Override
  public String describe() {
    return "jnr-fuse, libfuse 2, no passthrough: libfuse 2 has none";
  }

  @Override
  public boolean passthrough() {
    return false;
  }

  /** {@inheritDoc} libfuse 2 cannot tell the kernel; what it keeps ends by its time limit. */
  @Override
  public void invalidateNode(long node) {
    files.paths().forgetNode(node);
  }

  /** {@inheritDoc} libfuse 2 cannot tell the kernel; what it keeps ends by its time limit. */
  @Override
  public void invalidateAttributes(long node) {
    files.paths().forgetNode(node);
  }

  /** {@inheritDoc} Invalidations are done when they return. */
  @Override
  public void awaitInvalidations() {}

  /** {@inheritDoc} libfuse 2 cannot tell the kernel; what it keeps ends by its time limit. */
  @Override
  public void invalidateEntry(long parent, byte[] name) {
    files.paths().forgetName(name);
  }

  private boolean isMounted() throws IOException {
    return MountTable.at(mountPoint).filter(m -> m.device().equals(device)).isPresent();
  }

  @Override
  public void unmount(boolean lazy) throws IOException {
    if (isMounted()) {
      MountPoint.unmount(mountPoint, lazy);
    }
  }

  @Override
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  @Override
  public String device() {
    return device;
  }

  /** {@inheritDoc} What libfuse 2 has open is not counted here. */
  @Override
  public boolean idle() {
    return false;
  }

  @Override
  public void abandon() {
    ended.countDown();
  }

  @Override
  public void close() {
    try {
      unmount(true);
      if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.info("{} is detached; it ends when its last file is closed", mountPoint);
      }
    } catch (IOException e) {
      LOG.warn("{} stays mounted: {}", mountPoint, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while {} was unmounted", mountPoint);
    }
  }
}
