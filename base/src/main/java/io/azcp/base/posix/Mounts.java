package io.azcp.base.posix;

/** mount(2) and umount2(2). */
public final class Mounts {
  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final int MNT_DETACH = 2;

  private Mounts() {}

  /** mount(2). */
  public static void mount(String source, String target, String type, long flags, String data)
      throws PosixException {
    Libc.check(
        Libc.CALLS.mount(
            Libc.cstring(source),
            Libc.cstring(target),
            Libc.cstring(type),
            flags,
            Libc.cstring(data)),
        "mount",
        target);
  }

  /** umount2(2) with {@link #MNT_DETACH} or 0. */
  public static void unmount(String target, int flags) throws PosixException {
    Libc.check(Libc.CALLS.umount2(Libc.cstring(target), flags), "umount", target);
  }
}
