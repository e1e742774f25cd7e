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

  /** Names of elements that are kept; a power of two. */
  private static final int NAMES = 256;

  /** Told of elements as they begin and end. */
  interface Handler {
    void start(String element, String attributes) throws IOException;

    /** The element's own text can be had from {@link XmlScanner#text()} meanwhile. */
    void end(String element) throws IOException;
  }

  private final Handler handler;
  private final String[] names = new String[NAMES];
  private final byte[][] nameBytes = new byte[NAMES][];
  private final byte[] block = new byte[32 << 10];

  /** A tag and a text that began in an earlier block; most lie in one. */
  private final Part tag = new Part();

  private final Part text = new Part();
  private boolean inTag;

  /** The element whose start was the last tag, and the bytes of its name; −1 after an end. */
  private String open = "";

  private int openLength = -1;

  /** Bytes in the block, or kept aside where they are no longer there. */
  private final class Part {
    private byte[] kept = new byte[512];
    private int keptLength;
    private byte[] bytes = kept;
    private int from;
    private int to;

    /** It ends within the block, where its last bytes are. */
    void end(int start, int end) throws IOException {
      if (keptLength > 0) {
        keep(start, end);
        set(kept, 0, keptLength);
        keptLength = 0;
      } else {
        set(block, start, end);
      }
    }

    void set(byte[] source, int start, int end) {
      bytes = source;
      from = start;
      to = end;
    }

    /** Adds what the block has of it, before the block is filled anew. */
    void keep(int start, int end) throws IOException {
      int length = keptLength + end - start;
      if (length > LONGEST_TEXT) {
        throw new AzcpException(
            Errno.EPROTO, "the service answered XML with an element over 1 MiB");
      }
      if (length > kept.length) {
        kept = Arrays.copyOf(kept, Math.max(length, kept.length * 2));
      }
      System.arraycopy(block, start, kept, keptLength, end - start);
      keptLength = length;
    }

    /** The same for one that is over, and is still to be read. */
    void save() throws IOException {
      if (bytes == block) {
        keep(from, to);
        set(kept, 0, keptLength);
        keptLength = 0;
      }
    }
  }

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
    int start = 0;
    while (true) {
      int end = next(block, inTag ? (byte) '>' : (byte) '<', start, n);
      Part part = inTag ? tag : text;
      if (end == n) {
        part.keep(start, n);
        if (inTag) {
          text.save();
        }
        return;
      }
      part.end(start, end);
      if (inTag) {
        tag();
        text.set(block, 0, 0);
      }
      inTag = !inTag;
      start = end + 1;
    }
  }

  private static int next(byte[] bytes, byte wanted, int from, int n) {
    int i = from;
    while (i < n && bytes[i] != wanted) {
      i++;
    }
    return i;
  }

  private void tag() throws IOException {
    byte[] bytes = tag.bytes;
    int from = tag.from;
    int to = tag.to;
    if (from == to || bytes[from] == '?' || bytes[from] == '!') {
      return;
    }
    if (bytes[from] == '/') {
      // What was begun last ends first; most elements hold no other.
      boolean leaf = to - from - 1 == openLength;
      openLength = -1;
      handler.end(leaf ? open : name(bytes, from + 1, to));
      return;
    }
    boolean empty = bytes[to - 1] == '/';
    int last = empty ? to - 1 : to;
    int end = from;
    while (end < last && bytes[end] > ' ') {
      end++;
    }
    String element = name(bytes, from, end);
    String attributes = end + 1 >= last ? "" : string(bytes, end, last).strip();
    text.set(block, 0, 0);
    handler.start(element, attributes);
    if (empty) {
      openLength = -1;
      handler.end(element);
    } else {
      open = element;
      openLength = end - from;
    }
  }

  /** A tag's name; the few there are become strings once. */
  private String name(byte[] bytes, int from, int to) {
    if (from == to) {
      return "";
    }
    int hash = (to - from) * 7 + bytes[from] * 31 + bytes[to - 1] * 17 + bytes[(from + to) / 2] * 5;
    for (int probe = 0; probe < NAMES; probe++) {
      int slot = (hash + probe) & (NAMES - 1);
      byte[] known = nameBytes[slot];
      if (known == null) {
        nameBytes[slot] = Arrays.copyOfRange(bytes, from, to);
        names[slot] = string(bytes, from, to).strip().intern();
        return names[slot];
      }
      if (Arrays.equals(known, 0, known.length, bytes, from, to)) {
        return names[slot];
      }
    }
    return string(bytes, from, to).strip();
  }

  private static String string(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** The text of the element that just ended, entities resolved, blanks kept. */
  String text() {
    if (text.from == text.to) {
      return "";
    }
    String raw = string(text.bytes, text.from, text.to);
    return raw.indexOf('&') < 0 ? raw : resolved(raw);
  }

  /** The same; where it is what it was there before, the same string, which spares memory. */
  String text(Repeated before) {
    if (!Arrays.equals(before.bytes, 0, before.bytes.length, text.bytes, text.from, text.to)) {
      before.bytes = Arrays.copyOfRange(text.bytes, text.from, text.to);
      before.text = text();
    }
    return before.text;
  }

  /** A text that most elements of one name have in common, as it was last. */
  static final class Repeated {
    private byte[] bytes = {};
    private String text = "";
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
