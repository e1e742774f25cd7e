package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.NameEncoding;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Names: what a path part may be, what a blob name may be, and the way between bytes and text.
 * Relative names have parts joined by {@code /}; the empty one is the root.
 */
final class Paths {
  /** NAME_MAX of linux/limits.h, in bytes. */
  static final int MAX_PART_BYTES = 255;

  private Paths() {}

  /** The name below a directory. */
  static String join(String directory, String part) {
    return directory.isEmpty() ? part : directory + "/" + part;
  }

  /** Whether a name is a directory ("" is the root) or lies below it. */
  static boolean lies(String name, String directory) {
    return directory.isEmpty() || name.equals(directory) || name.startsWith(directory + "/");
  }

  /** The directory that holds a name; the root's is the root. */
  static String parent(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  /** The last part of a name. */
  static String part(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /** UTF-8. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of a name from the kernel; null where it is not UTF-8. */
  static String text(byte[] name) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(name))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** The text of a name that is about to be made. {@code EILSEQ} where it is not UTF-8. */
  static String newText(byte[] name) throws AzcpException {
    String text = text(name);
    if (text == null) {
      throw new AzcpException(
          Errno.EILSEQ, "blob names are UTF-8, and this name is not; rename the file");
    }
    return text;
  }

  /** Whether a path can hold this part of a blob name. */
  static boolean fits(String part) {
    if (part.isEmpty() || part.equals(".") || part.equals("..")) {
      return false;
    }
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c == 0 || c == '/') {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == part.length()
            || !Character.isLowSurrogate(part.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return part.length() <= MAX_PART_BYTES / 4 || bytes(part).length <= MAX_PART_BYTES;
  }

  /**
   * Refuses a name that the service cannot hold, or that XML 1.0, in which it lists names, cannot
   * carry.
   */
  static void checkBlobName(String blob) throws AzcpException {
    NameEncoding.check(blob);
    if (blob.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0xFFFE || c == 0xFFFF)) {
      throw new AzcpException(
          Errno.EILSEQ, "the service cannot list a name with control characters; rename the file");
    }
  }
}
