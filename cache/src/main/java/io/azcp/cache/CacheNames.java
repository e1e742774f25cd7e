package io.azcp.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * How blob names become paths below the cache folder. A name is its own path wherever a file system
 * can hold it; what it cannot hold is escaped, so that no two names share a path:
 *
 * <ul>
 *   <li>{@code %} becomes {@code %25} and NUL becomes {@code %00};
 *   <li>the parts {@code .} and {@code ..} become {@code %2E} and {@code %2E%2E}; an empty part
 *       (two slashes in a row, one at an end) becomes {@code %_};
 *   <li>a first part {@code .azcp} becomes {@code %2Eazcp}, because the cache keeps its state
 *       there;
 *   <li>a UTF-16 surrogate without its other half, which UTF-8 cannot hold, becomes {@code %uXXXX};
 *   <li>a part of more than 255 bytes becomes its beginning, {@code %~} and 40 digits of its
 *       SHA-256; a path of more than 3,000 bytes becomes one such part.
 * </ul>
 *
 * A raw {@code %} never stays, so nothing that is not escaped looks escaped. All but the last rule
 * can be undone; a mark therefore carries the name where the last one applied.
 */
final class CacheNames {
  /** NAME_MAX of every Linux file system worth a cache. */
  private static final int MAX_PART = 255;

  /** Leaves room for the folder below PATH_MAX, 4,096. */
  private static final int MAX_PATH = 3000;

  private static final int PREFIX_BYTES = 180;
  private static final String HASHED = "%~";
  private static final String EMPTY = "%_";

  private CacheNames() {}

  /** The path of a name below the folder. */
  static String path(String name) {
    var path = new StringBuilder(name.length() + 8);
    int from = 0;
    while (true) {
      int slash = name.indexOf('/', from);
      String part = name.substring(from, slash < 0 ? name.length() : slash);
      path.append(shorten(escape(part, from == 0), part));
      if (slash < 0) {
        break;
      }
      path.append('/');
      from = slash + 1;
    }
    String whole = path.toString();
    return bytes(whole) > MAX_PATH ? hashed(whole.replace('/', '_'), name) : whole;
  }

  /** The name of a path below the folder; empty where it holds a hash or was not made here. */
  static Optional<String> name(String path) {
    if (path.contains(HASHED)) {
      return Optional.empty();
    }
    var name = new StringBuilder(path.length());
    int at = 0;
    while (at < path.length()) {
      char c = path.charAt(at);
      if (c != '%') {
        name.append(c);
        at++;
      } else if (path.startsWith(EMPTY, at)) {
        at += 2;
      } else {
        boolean wide = path.startsWith("%u", at);
        int digits = at + (wide ? 2 : 1);
        int end = digits + (wide ? 4 : 2);
        if (end > path.length() || !hex(path, digits, end)) {
          return Optional.empty();
        }
        name.append((char) Integer.parseInt(path, digits, end, 16));
        at = end;
      }
    }
    String answer = name.toString();
    return path(answer).equals(path) ? Optional.of(answer) : Optional.empty();
  }

  /** Whether the path of the name cannot be turned back into it. */
  static boolean isHashed(String name) {
    return path(name).contains(HASHED);
  }

  /** SHA-256 of texts, kept apart by NUL, as hexadecimal digits. */
  static String hash(String... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        // UTF-16, because a lone surrogate has no UTF-8.
        digest.update(text.getBytes(StandardCharsets.UTF_16BE));
        digest.update(new byte[2]);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String escape(String part, boolean first) {
    if (part.isEmpty()) {
      return EMPTY;
    }
    if (part.equals(".")) {
      return "%2E";
    }
    if (part.equals("..")) {
      return "%2E%2E";
    }
    if (first && part.equals(".azcp")) {
      return "%2Eazcp";
    }
    StringBuilder out = null;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < part.length()
              && Character.isLowSurrogate(part.charAt(i + 1));
      boolean plain = c != '%' && c != 0 && (!Character.isSurrogate(c) || pair);
      if (!plain && out == null) {
        out = new StringBuilder(part.substring(0, i));
      }
      if (out != null) {
        append(out, part, i, plain, pair);
      }
      if (pair) {
        i++;
      }
    }
    return out == null ? part : out.toString();
  }

  private static void append(StringBuilder out, String part, int i, boolean plain, boolean pair) {
    char c = part.charAt(i);
    if (pair) {
      out.append(c).append(part.charAt(i + 1));
    } else if (plain) {
      out.append(c);
    } else if (Character.isSurrogate(c)) {
      out.append("%u").append(HexFormat.of().withUpperCase().toHexDigits(c));
    } else {
      out.append('%').append(HexFormat.of().withUpperCase().toHexDigits((byte) c));
    }
  }

  private static String shorten(String escaped, String part) {
    return escaped.length() * 3 > MAX_PART && bytes(escaped) > MAX_PART
        ? hashed(escaped, part)
        : escaped;
  }

  private static String hashed(String escaped, String source) {
    int end = Math.min(escaped.length(), PREFIX_BYTES);
    while (bytes(escaped.substring(0, end)) > PREFIX_BYTES
        || (end > 0 && Character.isHighSurrogate(escaped.charAt(end - 1)))) {
      end--;
    }
    return escaped.substring(0, end) + HASHED + hash(source).substring(0, 40);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean hex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }
}
