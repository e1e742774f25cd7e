package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.transfer.blob.MetadataKeys;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What of an inode blob metadata keep besides AzCopy's four common keys: the times that are not the
 * mtime, the type of a special file, its device, extended attributes. Values in a form that is not
 * known count as not there.
 */
public final class InodeMetadata {
  private static final String TRUE = "true";

  private static final Map<String, Integer> SPECIAL =
      Map.of(
          MetadataKeys.IS_FIFO, Stat.FIFO,
          MetadataKeys.IS_SOCKET, Stat.SOCKET,
          MetadataKeys.IS_BLOCK_DEVICE, Stat.BLOCK_DEVICE,
          MetadataKeys.IS_CHARACTER_DEVICE, Stat.CHARACTER_DEVICE);

  private static final Set<String> OTHERS =
      Set.of(MetadataKeys.ACCESS_TIME, MetadataKeys.CHANGE_TIME, MetadataKeys.DEVICE);

  private InodeMetadata() {}

  /** Whether a key, in lower case, is one of those. */
  static boolean isOurs(String key) {
    return OTHERS.contains(key)
        || SPECIAL.containsKey(key)
        || key.startsWith(MetadataKeys.EXTENDED);
  }

  /** The metadata that say it; those that say what goes without saying are left out. */
  static Map<String, String> of(PosixAttributes a) {
    Map<String, String> out = new HashMap<>(a.extended());
    if (a.atimeNanos() != a.mtimeNanos()) {
      out.put(MetadataKeys.ACCESS_TIME, Long.toString(a.atimeNanos()));
    }
    if (a.ctimeNanos() != a.mtimeNanos()) {
      out.put(MetadataKeys.CHANGE_TIME, Long.toString(a.ctimeNanos()));
    }
    SPECIAL.forEach(
        (key, type) -> {
          if (a.type() == type) {
            out.put(key, TRUE);
          }
        });
    if (a.device() != 0) {
      out.put(MetadataKeys.DEVICE, Integer.toUnsignedString(a.device()));
    }
    return out;
  }

  /**
   * Adds what metadata say.
   *
   * @param plain the attributes as far as they are known
   * @param special whether special files are believed; else they are empty regular files
   */
  public static PosixAttributes read(
      PosixAttributes plain, Map<String, String> metadata, boolean special) {
    PosixAttributes a = plain;
    Map<String, String> extended = new HashMap<>();
    for (Map.Entry<String, String> m : metadata.entrySet()) {
      String key = m.getKey().toLowerCase(Locale.ROOT);
      if (key.startsWith(MetadataKeys.EXTENDED)) {
        extended.put(key, m.getValue());
      } else if (key.equals(MetadataKeys.ACCESS_TIME)) {
        a = a.withTimes(a.mtimeNanos(), number(m.getValue(), a.atimeNanos()), a.ctimeNanos());
      } else if (key.equals(MetadataKeys.CHANGE_TIME)) {
        a = a.withTimes(a.mtimeNanos(), a.atimeNanos(), number(m.getValue(), a.ctimeNanos()));
      } else if (special && key.equals(MetadataKeys.DEVICE)) {
        a = a.withDevice((int) number(m.getValue(), 0));
      } else if (special && SPECIAL.containsKey(key) && TRUE.equalsIgnoreCase(m.getValue())) {
        a = a.withMode((a.mode() & ~Stat.TYPE_MASK) | SPECIAL.get(key));
      }
    }
    return extended.isEmpty() ? a : a.withExtended(extended);
  }

  private static long number(String text, long otherwise) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }
}
