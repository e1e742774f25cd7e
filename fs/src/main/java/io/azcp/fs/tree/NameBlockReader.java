package io.azcp.fs.tree;

import io.azcp.fs.tree.ListingHead.Moment;
import io.azcp.transfer.blob.BlobProperties;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what {@link NameBlock} wrote, stepping over names without making objects of them. Bytes
 * that are none fail with an {@link IndexOutOfBoundsException}. Used by one thread, once.
 */
final class NameBlockReader {
  private final byte[] bytes;
  private final ByteBuffer head;
  private final byte[][] texts = new byte[NameBlock.TEXTS][64];
  private final int[] lengths = new int[NameBlock.TEXTS];
  private int at = NameBlock.ITEMS;
  private int left;
  private int flags;
  private long length;
  private long modified;
  private int md5At;
  private int md5Length;

  NameBlockReader(byte[] bytes) {
    this.bytes = bytes;
    this.head = ByteBuffer.wrap(bytes);
    this.left = head.getShort(NameBlock.COUNT);
  }

  /** Of the listing that it belongs to. */
  long generation() {
    return head.getLong(NameBlock.GENERATION);
  }

  /** When its page was asked for. */
  Moment when() {
    int from = NameBlock.WHEN;
    return new Moment(
        head.getLong(from),
        head.getLong(from + 8),
        head.getLong(from + 16),
        head.getLong(from + 24));
  }

  /** Steps to the next item; false behind the last. */
  boolean next() {
    if (left == 0) {
      return false;
    }
    left--;
    flags = bytes[at++];
    text(0);
    if ((flags & NameBlock.PROPERTIES) != 0) {
      text(1);
      text(2);
      text(3);
      text(4);
      length = number();
      modified += number();
      md5Length =
          (flags & NameBlock.MD5_BYTES) != 0
              ? NameBlock.MD5_LENGTH
              : (flags & NameBlock.MD5_TEXT) != 0 ? (int) number() : 0;
      md5At = at;
      at += md5Length;
    }
    return true;
  }

  private void text(int which) {
    int shared = (int) number();
    int more = (int) number();
    if (shared + more > texts[which].length) {
      texts[which] = Arrays.copyOf(texts[which], 2 * (shared + more));
    }
    System.arraycopy(bytes, at, texts[which], shared, more);
    lengths[which] = shared + more;
    at += more;
  }

  private long number() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = bytes[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
  }

  /** The key of the item. */
  String key() {
    return string(0);
  }

  private String string(int which) {
    return new String(texts[which], 0, lengths[which], StandardCharsets.UTF_8);
  }

  /** Steps to the item of a key; false where there is none. */
  boolean seek(byte[] key) {
    while (next()) {
      if (Arrays.equals(texts[0], 0, lengths[0], key, 0, key.length)) {
        return true;
      }
    }
    return false;
  }

  /** The item. */
  ListedItem item() {
    if ((flags & NameBlock.PROPERTIES) == 0) {
      return new ListedItem(key(), null);
    }
    String md5 = "";
    if ((flags & NameBlock.MD5_BYTES) != 0) {
      md5 = Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, md5At, md5At + md5Length));
    } else if (md5Length > 0) {
      md5 = new String(bytes, md5At, md5Length, StandardCharsets.UTF_8);
    }
    String tier = string(4);
    String type = tier.substring(tier.indexOf('\0') + 1);
    tier = tier.substring(0, tier.indexOf('\0'));
    return new ListedItem(
        key(),
        new BlobProperties(
            string(1), length, modified, string(2), md5, type, tier, metadata(string(3))));
  }

  private static Map<String, String> metadata(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, String> metadata = new HashMap<>();
    String[] parts = text.split("\0", -1);
    for (int i = 0; i + 2 < parts.length; i += 2) {
      metadata.put(parts[i], parts[i + 1]);
    }
    return metadata;
  }

  /** All items from here on. */
  List<ListedItem> items() {
    List<ListedItem> items = new ArrayList<>(left);
    while (next()) {
      items.add(item());
    }
    return items;
  }
}
