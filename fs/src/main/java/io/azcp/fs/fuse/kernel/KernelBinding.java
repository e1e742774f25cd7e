package io.azcp.fs.fuse.kernel;

import io.azcp.base.posix.Identity;
import io.azcp.base.posix.PosixException;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.MountOptions;
import io.azcp.fs.fuse.MountPoint;
import io.azcp.fs.fuse.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mount that speaks the FUSE protocol with the kernel itself: no libfuse, native speed by
 * passthrough, answers from any thread. One thread a core (at least two) reads requests and calls
 * the port.
 */
public final class KernelBinding implements Binding {
  private static final Logger LOG = LoggerFactory.getLogger(KernelBinding.class);
  private static final int MIN_READERS = 2;
  private static final long END_SECONDS = 5;

  private final MountOptions options;
  private final String mountPoint;
  private final String deviceNumber;
  private final Handshake handshake;
  private final Connection connection;
  private final Notifier notifier;
  private final List<FuseDevice> devices;
  private final AtomicInteger readersLeft;
  private final CountDownLatch ended = new CountDownLatch(1);

  private KernelBinding(
      MountOptions options,
      String mountPoint,
      Handshake handshake,
      Connection connection,
      List<FuseDevice> devices)
      throws IOException {
    this.options = options;
    this.mountPoint = mountPoint;
    this.handshake = handshake;
    this.connection = connection;
    this.devices = devices;
    deviceNumber = MountTable.at(mountPoint).map(MountTable.Mount::device).orElse("");
    readersLeft = new AtomicInteger(devices.size());
    notifier = new Notifier(devices.get(0));
  }

  /**
   * Mounts the port and serves it until it is unmounted. A dead mount of ours at the place is
   * cleared away first. When this returns the mount answers.
   *
   * @throws io.azcp.base.AzcpException one sentence: what is missing or not permitted
   */
  public static KernelBinding mount(MountOptions options, FileSystemPort port) throws IOException {
    return mount(options, port, Identity.euid() != 0);
  }

  /** The same; root too may go through fusermount3. */
  static KernelBinding mount(MountOptions options, FileSystemPort port, boolean fusermount)
      throws IOException {
    String mountPoint = MountPoint.prepare(options.mountPoint());
    FuseDevice device =
        fusermount
            ? KernelMount.throughFusermount(options, mountPoint)
            : KernelMount.direct(options, mountPoint);
    try {
      return serve(options, port, mountPoint, device);
    } catch (IOException | RuntimeException e) {
      // Closing the only descriptor aborts the connection; what is left is a dead mount.
      device.close();
      MountPoint.unmount(mountPoint, true);
      throw e;
    }
  }

  private static KernelBinding serve(
      MountOptions options, FileSystemPort port, String mountPoint, FuseDevice device)
      throws IOException {
    Handshake handshake = Handshake.answer(device, options.passthrough());
    Connection connection =
        new Connection(
            port,
            new ReplyBuffers(handshake.maxWrite()),
            new InFlight(options.requestDeadline()),
            new OpenHandles(port),
            PassthroughTable.probe(device, options.passthrough(), handshake));
    KernelBinding binding =
        new KernelBinding(options, mountPoint, handshake, connection, clones(device));
    ReadAhead.raise(binding.deviceNumber, handshake.maxWrite());
    binding.start();
    return binding;
  }

  private static List<FuseDevice> clones(FuseDevice device) throws PosixException {
    List<FuseDevice> devices = new ArrayList<>();
    devices.add(device);
    int readers = Math.max(MIN_READERS, Runtime.getRuntime().availableProcessors());
    while (devices.size() < readers) {
      devices.add(device.cloned());
    }
    return devices;
  }

  private void start() {
    int number = 0;
    for (FuseDevice device : devices) {
      Runnable reader =
          new RequestReader(connection, device, handshake.maxWrite(), this::readerEnded);
      Thread thread = new Thread(reader, "fuse-" + number++);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void readerEnded() {
    if (readersLeft.decrementAndGet() == 0) {
      notifier.close();
      connection.inFlight().close();
      connection.handles().releaseAll();
      devices.forEach(FuseDevice::close);
      ended.countDown();
    }
  }

  @Override
  public String describe() {
    return "kernel, FUSE "
        + Protocol.MAJOR
        + "."
        + handshake.minor()
        + ", "
        + connection.passthrough().describe();
  }

  @Override
  public boolean passthrough() {
    return connection.passthrough().isOn();
  }

  @Override
  public void invalidateNode(long node) {
    notifier.invalidateNode(node);
  }

  @Override
  public void invalidateAttributes(long node) {
    notifier.invalidateAttributes(node);
  }

  @Override
  public void awaitInvalidations() {
    notifier.awaitSent();
  }

  @Override
  public void invalidateEntry(long parent, byte[] name) {
    notifier.invalidateEntry(parent, name);
  }

  /** Requests that wait for the port's answer. */
  int parked() {
    return connection.inFlight().size();
  }

  private boolean isMounted() throws IOException {
    return MountTable.at(mountPoint).filter(m -> m.device().equals(deviceNumber)).isPresent();
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
    return deviceNumber;
  }

  @Override
  public boolean idle() {
    return connection.handles().isEmpty() && parked() == 0;
  }

  @Override
  public void abandon() {
    try {
      if (abort()) {
        ended.await(END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      LOG.debug("the connection of {} ends with this process: {}", mountPoint, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /**
   * {@inheritDoc} Where fusectl is mounted, files still open on it fail with ENOTCONN; otherwise
   * they are served until their last close or the end of this process.
   */
  @Override
  public void close() {
    try {
      unmount(true);
      if (!ended.await(1, TimeUnit.SECONDS) && abort()) {
        ended.await(END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (IOException e) {
      LOG.warn("{} stays mounted: {}", options.mountPoint(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while {} was unmounted", mountPoint);
    }
    if (ended.getCount() > 0) {
      LOG.info("{} is detached; it ends when its last file is closed", mountPoint);
    }
  }

  /** Ends the connection under files still open; false where fusectl is not mounted. */
  private boolean abort() throws IOException {
    String minor = deviceNumber.substring(deviceNumber.indexOf(':') + 1);
    Path abort = Path.of("/sys/fs/fuse/connections", minor, "abort");
    if (!Files.exists(abort)) {
      return false;
    }
    Files.writeString(abort, "1");
    return true;
  }
}
