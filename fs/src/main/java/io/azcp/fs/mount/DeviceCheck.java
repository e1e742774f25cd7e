package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;

/** Whether this machine can mount at all. */
final class DeviceCheck {
  private static final String DEVICE = "/dev/fuse";

  private DeviceCheck() {}

  static void check() throws AzcpException {
    check(DEVICE);
  }

  static void check(String device) throws AzcpException {
    try {
      Fd.close(Fd.open(device, Fd.O_RDWR, 0));
    } catch (PosixException e) {
      throw new AzcpException(e.errno(), device + remedy(e.errno()), e);
    }
  }

  private static String remedy(Errno errno) {
    return switch (errno) {
      case ENOENT, ENODEV, ENXIO ->
          " is missing; load it with 'modprobe fuse', or give it to the container with"
              + " '--device /dev/fuse --cap-add SYS_ADMIN'";
      case EACCES, EPERM ->
          " may not be opened by you; mount as root, or let root run 'chmod 666 /dev/fuse'";
      default -> " cannot be opened: " + errno.text();
    };
  }
}
