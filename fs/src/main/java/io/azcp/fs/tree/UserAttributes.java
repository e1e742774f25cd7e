package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.transfer.blob.MetadataKeys;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * The extended attributes {@code user.*} of a file in the form blob metadata keep. A key is {@link
 * MetadataKeys#EXTENDED} and the name without {@code user.}, its lower-case letters and digits as
 * they are and other bytes as {@code _} and two hexadecimal digits: metadata keys are identifiers
 * in no certain case. A value is {@code 0s} and the bytes in Base64, as getfattr(1) writes them.
 */
final class UserAttributes {
  static final String NAMESPACE = "user.";

  /** "Metadata ... total size can be up to 8 KiB" (Set Blob Metadata), keys and values. */
  private static final int METADATA_BYTES = 8 << 10;

  /** What the other attributes take at most, with room for the operation id. */
  private static final int RESERVED = 512;

  private static final String BASE64 = "0s";
  private static final int HEX = 16;
  private static final int BYTE = 0xff;

  private UserAttributes() {}

  /** The key of an attribute; the name is in its namespace. */
  private static String key(byte[] name) {
    StringBuilder key = new StringBuilder(MetadataKeys.EXTENDED);
    for (int i = NAMESPACE.length(); i < name.length; i++) {
      char c = (char) (name[i] & BYTE);
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        key.append(c);
      } else {
        key.append('_').append(Character.forDigit(c >> 4, HEX));
        key.append(Character.forDigit(c & 0xf, HEX));
      }
    }
    return key.toString();
  }

  /** The name of a key; null where it is none of ours. */
  private static byte[] name(String key) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    name.writeBytes(NAMESPACE.getBytes(StandardCharsets.US_ASCII));
    int at = MetadataKeys.EXTENDED.length();
    while (at < key.length()) {
      char c = key.charAt(at++);
      if (c != '_') {
        name.write(c);
        continue;
      }
      int high = at + 1 < key.length() ? Character.digit(key.charAt(at), HEX) : -1;
      int low = at + 1 < key.length() ? Character.digit(key.charAt(at + 1), HEX) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      name.write(high << 4 | low);
      at += 2;
    }
    return name.toByteArray();
  }

  /** The value of an attribute; null for none. */
  static byte[] get(PosixAttributes attributes, byte[] name) {
    String kept = attributes.extended().get(key(name));
    if (kept == null || !kept.startsWith(BASE64)) {
      return null;
    }
    try {
      return Base64.getDecoder().decode(kept.substring(BASE64.length()));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The names of all, each ended by a zero. */
  static byte[] list(PosixAttributes attributes) {
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    for (String key : new TreeMap<>(attributes.extended()).keySet()) {
      byte[] name = name(key);
      if (name != null) {
        list.writeBytes(name);
        list.write(0);
      }
    }
    return list.toByteArray();
  }

  /**
   * Sets an attribute.
   *
   * @param others metadata of the blob that is kept beside ours
   * @throws AzcpException {@code ENOSPC} when the service would not take so much
   */
  static PosixAttributes with(
      PosixAttributes was, byte[] name, byte[] value, Map<String, String> others)
      throws AzcpException {
    Map<String, String> now = new TreeMap<>(was.extended());
    now.put(key(name), BASE64 + Base64.getEncoder().encodeToString(value));
    if (bytes(now) + bytes(others) > METADATA_BYTES - RESERVED) {
      throw new AzcpException(
          Errno.ENOSPC, "extended attributes are kept in blob metadata, which have 8 KiB in all");
    }
    return was.withExtended(now);
  }

  private static int bytes(Map<String, String> metadata) {
    int bytes = 0;
    for (Map.Entry<String, String> m : metadata.entrySet()) {
      bytes += m.getKey().length() + m.getValue().getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes;
  }

  /** Removes an attribute. */
  static PosixAttributes without(PosixAttributes was, byte[] name) {
    Map<String, String> now = new TreeMap<>(was.extended());
    now.remove(key(name));
    return was.withExtended(now);
  }
}
