package io.azcp.base.posix;

/** Who this process is. */
public final class Identity {
  private Identity() {}

  /** Effective user id; 0 is root. */
  public static int euid() {
    return Libc.CALLS.geteuid();
  }

  /** Real user id. */
  public static int uid() {
    return Libc.CALLS.getuid();
  }

  /** Real group id. */
  public static int gid() {
    return Libc.CALLS.getgid();
  }

  /** Sets the file mode creation mask and answers the former one. */
  public static int umask(int mask) {
    return Libc.CALLS.umask(mask);
  }
}
