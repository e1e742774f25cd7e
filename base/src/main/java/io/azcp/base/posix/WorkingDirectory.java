package io.azcp.base.posix;

/** The working directory of this process. */
public final class WorkingDirectory {
  private WorkingDirectory() {}

  /**
   * chdir(2). Java goes on to resolve relative paths against the directory it was started in; a
   * daemon uses it to keep no directory busy.
   */
  public static void change(String path) throws PosixException {
    Libc.check(Libc.CALLS.chdir(Libc.cstring(path)), "chdir", path);
  }
}
