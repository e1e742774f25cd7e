package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.base.posix.Files;
import io.azcp.fs.fuse.MountPoint;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.List;

/** Makes sure, before anything starts, that a place can be mounted on. */
final class MountPointCheck {
  private MountPointCheck() {}

  /**
   * Clears away a dead mount of ours, makes a missing directory where the plan says so, and refuses
   * a place that is not there, holds something, or would hide what the mount itself needs.
   *
   * @param needed folders and files that the mount uses, absolute
   * @return the place without links
   */
  static String prepare(MountPlan plan, List<String> needed) throws IOException {
    for (String path : needed) {
      if (MountPlan.lies(real(path), real(plan.mountPoint()))) {
        throw new UsageException(
            "cannot mount on "
                + plan.mountPoint()
                + ": it contains "
                + path
                + ", which the mount itself needs; mount elsewhere or move that");
      }
    }
    if (plan.made() && !Files.exists(plan.mountPoint())) {
      Files.mkdirs(plan.mountPoint(), 0755);
    }
    String canonical = MountPoint.prepare(plan.mountPoint());
    checkEmpty(canonical);
    return canonical;
  }

  private static void checkEmpty(String directory) throws IOException {
    try (DirectoryStream<Path> entries =
        java.nio.file.Files.newDirectoryStream(Path.of(directory))) {
      if (entries.iterator().hasNext()) {
        throw new AzcpException(
            Errno.ENOTEMPTY,
            "cannot mount on "
                + directory
                + ": it is not empty and its files would be hidden; give an empty directory");
      }
    }
  }

  /** The path with the links of its existing part resolved. */
  static String real(String absolute) {
    Path head = Path.of(absolute);
    Path tail = Path.of("");
    while (head != null) {
      try {
        return head.toRealPath().resolve(tail).toString();
      } catch (IOException e) {
        // Not there yet: its parent may be.
        tail = head.getFileName() == null ? tail : head.getFileName().resolve(tail);
        head = head.getParent();
      }
    }
    return absolute;
  }
}
