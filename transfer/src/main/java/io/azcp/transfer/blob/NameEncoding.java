package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Blob names on the wire: UTF-8, strictly percent-encoded (RFC 3986: everything but unreserved
 * characters), and the names the service cannot hold. Nothing here is ever applied twice or to a
 * local name.
 */
public final class NameEncoding {
  /** Characters a blob name may have ("Naming and referencing containers, blobs, and metadata"). */
  public static final int MAX_CHARACTERS = 1024;

  /** Parts between slashes a blob name may have (same page). */
  public static final int MAX_SEGMENTS = 254;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  private NameEncoding() {}

  /** A container or blob name as a URL path; slashes stay. */
  public static String path(String name) {
    return encode(name, true);
  }

  /** A value of a query parameter; slashes are encoded. */
  public static String query(String value) {
    return encode(value, false);
  }

  private static String encode(String text, boolean keepSlash) {
    return isPlain(text, keepSlash) ? text : encoded(text, keepSlash);
  }

  /** Whether the text is its own encoding, as most are. */
  private static boolean isPlain(String text, boolean keepSlash) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!unreserved(c) && !(keepSlash && c == '/')) {
        return false;
      }
    }
    return true;
  }

  private static String encoded(String text, boolean keepSlash) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    StringBuilder out = new StringBuilder(utf8.length + 16);
    for (byte b : utf8) {
      if (unreserved(b) || (keepSlash && b == '/')) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX[(b >> 4) & 15]).append(HEX[b & 15]);
      }
    }
    return out.toString();
  }

  private static boolean unreserved(int b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }

  /**
   * Percent-decodes once. A plus sign stays one.
   *
   * @throws IllegalArgumentException where a {@code %} is not followed by two hex digits, or the
   *     bytes are not UTF-8; the message says which
   */
  public static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length];
    int n = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out[n++] = in[i];
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("'%' is not followed by two hex digits");
      }
      out[n++] = (byte) (high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(out, 0, n))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the percent-encoded bytes are not UTF-8", e);
    }
  }

  /**
   * Refuses a name the service cannot hold, before it is sent: the service would store it under
   * another name or answer an error that does not tell why.
   *
   * @throws AzcpException {@code ENAMETOOLONG}, {@code EILSEQ} or {@code EINVAL}
   */
  public static void check(String name) throws AzcpException {
    if (name.isEmpty()) {
      throw refusal(Errno.EINVAL, name, "it is empty");
    }
    if (name.length() > MAX_CHARACTERS) {
      throw refusal(
          Errno.ENAMETOOLONG, name, "it has " + name.length() + " characters, 1,024 are allowed");
    }
    int segments = 1;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '\\') {
        throw refusal(Errno.EINVAL, name, "the service would turn its backslash into a slash");
      } else if (c == '/') {
        segments++;
        checkSegmentEnd(name, i);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < name.length()
          && Character.isLowSurrogate(name.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw refusal(Errno.EILSEQ, name, "it is not valid Unicode");
      }
    }
    checkSegmentEnd(name, name.length());
    if (segments > MAX_SEGMENTS) {
      throw refusal(Errno.ENAMETOOLONG, name, "it has " + segments + " parts, 254 are allowed");
    }
  }

  private static void checkSegmentEnd(String name, int end) throws AzcpException {
    if (end > 0 && name.charAt(end - 1) == '.') {
      throw refusal(Errno.EINVAL, name, "the service drops the dot at the end of a part of a name");
    }
  }

  private static AzcpException refusal(Errno errno, String name, String why) {
    String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    return new AzcpException(
        errno, "blob storage cannot hold the name '" + shown + "': " + why + "; rename it");
  }
}
