package io.azcp.fs.fuse;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.DescriptorSocket;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Spawn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * fusermount3(1), the set-user-id program that mounts for ordinary users. It opens /dev/fuse itself
 * and hands the descriptor back over the socket named in {@code _FUSE_COMMFD} (libfuse,
 * lib/mount.c).
 */
public final class Fusermount {
  private static final String PROGRAM = "fusermount3";

  /** Mounting is a few system calls; a stuck directory below the mount point must not hold us. */
  private static final int LIMIT_SECONDS = 30;

  private Fusermount() {}

  /**
   * Mounts and answers the descriptor of /dev/fuse.
   *
   * @param options as fusermount3 takes after {@code -o}
   */
  public static int mount(String path, String options) throws AzcpException {
    try (DescriptorSocket socket = DescriptorSocket.open();
        Spawn child = start(socket, path, options)) {
      socket.closeChildEnd();
      int fd = socket.receive(LIMIT_SECONDS);
      if (fd >= 0) {
        child.await();
        return fd;
      }
      String said = child.errors();
      child.await();
      throw new AzcpException(
          Errno.EPERM,
          "cannot mount on "
              + path
              + ": "
              + (said.isEmpty() ? PROGRAM + " gave no reason" : firstLine(said)));
    }
  }

  private static Spawn start(DescriptorSocket socket, String path, String options)
      throws AzcpException {
    try {
      return Spawn.start(
          List.of(PROGRAM, "-o", options, "--", path),
          List.of("_FUSE_COMMFD=" + socket.childEnd(), "PATH=" + searchPath(), "LC_ALL=C"));
    } catch (PosixException e) {
      throw new AzcpException(
          e.errno(),
          "cannot mount on "
              + path
              + " without root: fusermount3 is missing; install it with: apt-get install fuse3",
          e);
    }
  }

  private static String searchPath() {
    String path = System.getenv("PATH");
    return path == null ? "/usr/bin:/bin" : path;
  }

  /** Unmounts a mount of this user. */
  static void unmount(String path, boolean lazy) throws IOException {
    List<String> command = new ArrayList<>(List.of(PROGRAM, "-u"));
    if (lazy) {
      command.add("-z");
    }
    command.addAll(List.of("--", path));
    String said;
    int status;
    try (Spawn child = Spawn.start(command, List.of("PATH=" + searchPath(), "LC_ALL=C"))) {
      said = child.errors();
      status = child.await();
    }
    if (status != 0) {
      IOException cause = new IOException(firstLine(said));
      if (said.contains("busy")) {
        throw MountPoint.busy(path, cause);
      }
      throw new AzcpException(
          Errno.EINVAL, "cannot unmount " + path + ": " + firstLine(said), cause);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
