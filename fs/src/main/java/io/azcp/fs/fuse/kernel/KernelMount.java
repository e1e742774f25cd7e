package io.azcp.fs.fuse.kernel;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Mounts;
import io.azcp.base.posix.PosixException;
import io.azcp.fs.fuse.Fusermount;
import io.azcp.fs.fuse.MountOptions;

/** Joins an open /dev/fuse and a directory: mount(2) as root, fusermount3 otherwise. */
final class KernelMount {
  private static final String TYPE = "fuse." + MountOptions.SUBTYPE;

  private KernelMount() {}

  /** Mounts as root. */
  static FuseDevice direct(MountOptions options, String mountPoint) throws AzcpException {
    FuseDevice device = FuseDevice.open();
    StringBuilder data = new StringBuilder();
    data.append("fd=").append(device.number());
    data.append(",rootmode=40000,user_id=0,group_id=0,default_permissions");
    if (options.allowOther()) {
      data.append(",allow_other");
    }
    data.append(",max_read=").append(Handshake.MAX_WRITE);
    long flags = Mounts.MS_NOSUID | Mounts.MS_NODEV | (options.readOnly() ? Mounts.MS_RDONLY : 0);
    try {
      Mounts.mount(options.source(), mountPoint, TYPE, flags, data.toString());
      return device;
    } catch (PosixException e) {
      device.close();
      throw new AzcpException(e.errno(), explain(mountPoint, e), e);
    }
  }

  private static String explain(String mountPoint, PosixException e) {
    String why =
        e.errno() == Errno.EPERM || e.errno() == Errno.EACCES
            ? "the kernel does not permit it; CAP_SYS_ADMIN is needed (docker run --cap-add"
                + " SYS_ADMIN)"
            : e.getMessage();
    return "cannot mount on " + mountPoint + ": " + why;
  }

  /** Mounts through fusermount3, which sets nosuid and nodev itself. */
  static FuseDevice throughFusermount(MountOptions options, String mountPoint)
      throws AzcpException {
    StringBuilder text = new StringBuilder("fsname=");
    text.append(options.source().replace("\\", "\\\\").replace(",", "\\,"));
    text.append(",subtype=").append(MountOptions.SUBTYPE);
    text.append(",nosuid,nodev,default_permissions");
    if (options.allowOther()) {
      text.append(",allow_other");
    }
    if (options.readOnly()) {
      text.append(",ro");
    }
    text.append(",max_read=").append(Handshake.MAX_WRITE);
    return new FuseDevice(Fusermount.mount(mountPoint, text.toString()));
  }
}
