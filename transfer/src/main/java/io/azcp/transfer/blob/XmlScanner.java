package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the XML of the Storage service byte by byte as it arrives, several times as fast as a
 * general parser, and holds no more than one element's text. It knows elements, attributes, text,
 * entities and a byte order mark; comments and declarations are skipped; the service sends nothing
 * else.
 */
final class XmlScanner {
  /** An element's text may be a name of 1,024 characters as entities, or metadata of 8 KiB. */
  private static final int LONGEST_TEXT = 1 << 20;

  private static final int TAGS = 256;

  /** Told of elements as they begin and end. */
  interface Handler {
    void start(String element, String attributes) throws IOException;

    /** The element's own text can be had from {@link XmlScanner#text()} meanwhile. */
    void end(String element) throws IOException;
  }

  private final Handler handler;
  private final String[] tags = new String[TAGS];
  private final byte[] block = new byte[32 << 10];
  private byte[] text = new byte[512];
  private int textLength;
  private byte[] tag = new byte[128];
  private int tagLength;
  private boolean inTag;

  XmlScanner(Handler handler) {
    this.handler = handler;
  }

  /** Takes the next bytes of the document. */
  void accept(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      int n = Math.min(block.length, bytes.remaining());
      bytes.get(block, 0, n);
      scan(n);
    }
  }

  private void scan(int n) throws IOException {
    int i = 0;
    while (i < n) {
      int start = i;
      byte end = inTag ? (byte) '>' : (byte) '<';
      while (i < n && block[i] != end) {
        i++;
      }
      append(start, i - start);
      if (i < n) {
        i++;
        if (inTag) {
          inTag = false;
          tag();
        } else {
          inTag = true;
          tagLength = 0;
        }
      }
    }
  }

  private void append(int from, int count) throws IOException {
    if (inTag) {
      if (tagLength + count > tag.length) {
        tag = grown(tag, tagLength + count);
      }
      System.arraycopy(block, from, tag, tagLength, count);
      tagLength += count;
    } else {
      if (textLength + count > text.length) {
        text = grown(text, textLength + count);
      }
      System.arraycopy(block, from, text, textLength, count);
      textLength += count;
    }
  }

  private static byte[] grown(byte[] bytes, int needed) throws IOException {
    if (needed > LONGEST_TEXT) {
      throw new AzcpException(Errno.EPROTO, "the service answered XML with an element over 1 MiB");
    }
    return Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
  }

  private void tag() throws IOException {
    if (tagLength == 0 || tag[0] == '?' || tag[0] == '!') {
      textLength = 0;
    } else if (tag[0] == '/') {
      handler.end(name(1, tagLength));
      textLength = 0;
    } else {
      boolean empty = tag[tagLength - 1] == '/';
      int end = 0;
      while (end < tagLength && tag[end] > ' ' && tag[end] != '/') {
        end++;
      }
      String element = name(0, end);
      String attributes =
          end + 1 >= tagLength
              ? ""
              : new String(tag, end, tagLength - end, StandardCharsets.UTF_8).strip();
      textLength = 0;
      handler.start(element, attributes);
      if (empty) {
        handler.end(element);
      }
    }
  }

  /** A tag's name; the few there are become strings once. */
  private String name(int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + tag[i];
    }
    int slot = hash & (TAGS - 1);
    String known = tags[slot];
    if (known == null || !same(known, from, to)) {
      known = new String(tag, from, to - from, StandardCharsets.UTF_8).strip().intern();
      tags[slot] = known;
    }
    return known;
  }

  private boolean same(String known, int from, int to) {
    if (known.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (known.charAt(i - from) != tag[i]) {
        return false;
      }
    }
    return true;
  }

  /** The text of the element that just ended, entities resolved, blanks kept. */
  String text() {
    String raw = new String(text, 0, textLength, StandardCharsets.UTF_8);
    return raw.indexOf('&') < 0 ? raw : resolved(raw);
  }

  private static String resolved(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      int semicolon = raw.charAt(i) == '&' ? raw.indexOf(';', i) : -1;
      if (semicolon < 0) {
        out.append(raw.charAt(i++));
      } else {
        entity(raw.substring(i + 1, semicolon), out);
        i = semicolon + 1;
      }
    }
    return out.toString();
  }

  private static void entity(String name, StringBuilder out) {
    switch (name) {
      case "amp" -> out.append('&');
      case "lt" -> out.append('<');
      case "gt" -> out.append('>');
      case "quot" -> out.append('"');
      case "apos" -> out.append('\'');
      default -> {
        try {
          if (name.startsWith("#x") || name.startsWith("#X")) {
            out.appendCodePoint(Integer.parseInt(name.substring(2), 16));
            return;
          }
          if (name.startsWith("#")) {
            out.appendCodePoint(Integer.parseInt(name.substring(1)));
            return;
          }
        } catch (IllegalArgumentException e) {
          // Not a number or not a character: the text stays as it came.
        }
        out.append('&').append(name).append(';');
      }
    }
  }
}
