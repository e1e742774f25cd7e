package io.azcp.fs.fuse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as /proc/self/mountinfo tells (proc_pid_mountinfo(5)). */
public final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

  private MountTable() {}

  /**
   * A mount.
   *
   * @param device {@code major:minor} of its file system
   * @param mountPoint where it is
   * @param type the file system's type, with the subtype, as {@code fuse.azcp}
   * @param source what it shows
   */
  public record Mount(String device, String mountPoint, String type, String source) {
    /** Whether this is a FUSE file system. */
    public boolean isFuse() {
      return type.equals("fuse") || type.startsWith("fuse.");
    }

    /** Whether this is a mount of this program. */
    public boolean isOurs() {
      return type.equals("fuse." + MountOptions.SUBTYPE);
    }
  }

  /** All mounts this process sees, the lower ones first. */
  public static List<Mount> read() throws IOException {
    return parse(Files.readString(MOUNTINFO, StandardCharsets.ISO_8859_1));
  }

  /**
   * All mounts that another process sees.
   *
   * @throws IOException also where it has ended, or is somebody else's
   */
  public static List<Mount> of(long pid) throws IOException {
    Path mountinfo = Path.of("/proc", Long.toString(pid), "mountinfo");
    return parse(Files.readString(mountinfo, StandardCharsets.ISO_8859_1));
  }

  /** The topmost mount at exactly this path. */
  public static Optional<Mount> at(String path) throws IOException {
    Mount found = null;
    for (Mount mount : read()) {
      if (mount.mountPoint().equals(path)) {
        found = mount;
      }
    }
    return Optional.ofNullable(found);
  }

  static List<Mount> parse(String mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : mountinfo.lines().toList()) {
      List<String> fields = List.of(line.split(" ", -1));
      int dash = fields.indexOf("-");
      if (dash >= 6 && fields.size() > dash + 2) {
        mounts.add(
            new Mount(
                fields.get(2),
                unescape(fields.get(4)),
                fields.get(dash + 1),
                unescape(fields.get(dash + 2))));
      }
    }
    return mounts;
  }

  /** The kernel writes space, tab, newline and backslash as three octal digits. */
  private static String unescape(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 4 <= field.length() && Character.isDigit(field.charAt(i + 1))) {
        bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(c);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
