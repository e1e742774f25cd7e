package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.NameEncoding;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Between names in Unicode and the file system's bytes. Java encodes path strings by the locale, so
 * that under {@code LANG=C} a name as {@code ü} can neither be given nor read; but a path's URI
 * holds its raw bytes in both directions, whatever the locale. Thread-safe.
 */
public final class LocalPaths {
  /** The longest name ext4, XFS and tmpfs can hold. */
  private static final int MAX_PART_BYTES = 255;

  private static final boolean UTF8 = encodesUtf8();

  private LocalPaths() {}

  private static boolean encodesUtf8() {
    try {
      return Path.of("/\u00fc").toUri().getRawPath().equalsIgnoreCase("/%C3%BC");
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** A path as a user gives it, absolute or against a directory. */
  public static Path of(Path directory, String text) {
    return text.startsWith("/") ? resolve(Path.of("/"), text) : resolve(directory, text);
  }

  /** The path below a directory; the name's parts are separated by slashes. */
  public static Path resolve(Path directory, String name) {
    int start = 0;
    while (start < name.length() && name.charAt(start) == '/') {
      start++;
    }
    String relative = name.substring(start);
    if (UTF8 || isAscii(relative)) {
      return directory.resolve(relative);
    }
    String base = directory.toUri().getRawPath();
    String slash = base.endsWith("/") ? "" : "/";
    return Path.of(URI.create("file://" + base + slash + NameEncoding.path(relative)));
  }

  /**
   * The last part of a path.
   *
   * @throws AzcpException {@code EILSEQ} where its bytes are not UTF-8
   */
  public static String name(Path path) throws AzcpException {
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString();
    if (isAscii(name) || (UTF8 && name.indexOf('\ufffd') < 0)) {
      return name;
    }
    String raw = path.toUri().getRawPath();
    int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
    String encoded = raw.substring(raw.lastIndexOf('/', end - 1) + 1, end);
    try {
      return NameEncoding.decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new AzcpException(
          Errno.EILSEQ, "the file name '" + encoded + "' is not UTF-8; rename it", e);
    }
  }

  /** A path in Unicode: for messages, and for system calls that take UTF-8. */
  public static String show(Path path) {
    String text = path.toString();
    if (isAscii(text) || UTF8) {
      return text;
    }
    // The URI of what leads to a directory ends in a slash.
    return decodeLeniently(path.toUri().getRawPath()).replaceAll("(?<=.)/$", "");
  }

  private static String decodeLeniently(String raw) {
    try {
      return NameEncoding.decode(raw);
    } catch (IllegalArgumentException e) {
      return raw;
    }
  }

  /** Whether each part of a name can be the name of a file. */
  public static boolean holds(String name) {
    int start = 0;
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', start)) {
      if (!holdsPart(name, start, end)) {
        return false;
      }
      start = end + 1;
    }
    return name.indexOf('\0') < 0 && holdsPart(name, start, name.length());
  }

  private static boolean holdsPart(String name, int start, int end) {
    int length = end - start;
    boolean special =
        length == 0
            || (name.charAt(start) == '.'
                && (length == 1 || (length == 2 && name.charAt(start + 1) == '.')));
    if (special) {
      return false;
    }
    // A character takes three bytes at most.
    return length <= MAX_PART_BYTES / 3
        || name.substring(start, end).getBytes(StandardCharsets.UTF_8).length <= MAX_PART_BYTES;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
