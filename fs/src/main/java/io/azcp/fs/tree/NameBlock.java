package io.azcp.fs.tree;

import io.azcp.fs.tree.ListingHead.Moment;
import io.azcp.transfer.blob.BlobProperties;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Writes names of one directory that follow each other in its listing as bytes: texts as what they
 * do not share with the one before, so that a name takes 40 to 50 bytes. {@link NameBlockReader}
 * reads them. Used once.
 */
final class NameBlock {
  /** Names in a block: to find one of them costs stepping over half of them. */
  static final int MOST_ITEMS = 64;

  static final int GENERATION = 0;
  static final int WHEN = Long.BYTES;
  static final int COUNT = WHEN + Moment.BYTES;
  static final int ITEMS = COUNT + Short.BYTES;

  static final int PROPERTIES = 1;
  static final int MD5_BYTES = 2;
  static final int MD5_TEXT = 4;
  static final int MD5_LENGTH = 16;

  /** The texts of an item: key, ETag, Content-Type, metadata, tier and type, in their order. */
  static final int TEXTS = 5;

  private static final int TYPICAL_BYTES = 64;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(MOST_ITEMS * TYPICAL_BYTES);
  private final byte[][] before = {{}, {}, {}, {}, {}};
  private long modifiedBefore;

  private NameBlock() {}

  /** A block as bytes. */
  static byte[] encode(long generation, Moment when, List<ListedItem> items) {
    NameBlock block = new NameBlock();
    try (DataOutputStream head = new DataOutputStream(block.out)) {
      head.writeLong(generation);
      when.write(head);
      head.writeShort(items.size());
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    items.forEach(block::item);
    return block.out.toByteArray();
  }

  private void item(ListedItem item) {
    BlobProperties p = item.properties();
    if (p == null) {
      out.write(0);
      text(0, item.key());
      return;
    }
    byte[] md5 = md5(p.contentMd5());
    boolean md5Text = md5 == null && !p.contentMd5().isEmpty();
    out.write(PROPERTIES | (md5 == null ? 0 : MD5_BYTES) | (md5Text ? MD5_TEXT : 0));
    text(0, item.key());
    text(1, p.etag());
    text(2, p.contentType());
    text(3, metadata(p.metadata()));
    text(4, p.tier() + '\0' + p.blobType());
    number(p.length());
    number(p.lastModified() - modifiedBefore);
    modifiedBefore = p.lastModified();
    if (md5 != null) {
      out.writeBytes(md5);
    } else if (md5Text) {
      byte[] plain = p.contentMd5().getBytes(StandardCharsets.UTF_8);
      number(plain.length);
      out.writeBytes(plain);
    }
  }

  private void text(int which, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int shared = Arrays.mismatch(bytes, before[which]);
    shared = shared < 0 ? bytes.length : shared;
    number(shared);
    number(bytes.length - shared);
    out.write(bytes, shared, bytes.length - shared);
    before[which] = bytes;
  }

  /** Zigzag and seven bits a byte, so that small numbers of either sign are short. */
  private void number(long value) {
    long left = (value << 1) ^ (value >> 63);
    while ((left & ~0x7fL) != 0) {
      out.write((int) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  /** Keys and values, each ended by a NUL, which no header carries. */
  static String metadata(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (String key : metadata.keySet().stream().sorted().toList()) {
      text.append(key).append('\0').append(metadata.get(key)).append('\0');
    }
    return text.toString();
  }

  /** The bytes of an MD5; null where the text is not exactly theirs. */
  private static byte[] md5(String text) {
    try {
      byte[] md5 = Base64.getDecoder().decode(text);
      boolean plain =
          md5.length == MD5_LENGTH && Base64.getEncoder().encodeToString(md5).equals(text);
      return plain ? md5 : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Roughly the bytes of an item. */
  static int weight(ListedItem item) {
    int weight = TYPICAL_BYTES + 3 * item.key().length();
    if (item.properties() != null) {
      for (Map.Entry<String, String> e : item.properties().metadata().entrySet()) {
        weight += 2 + 3 * (e.getKey().length() + e.getValue().length());
      }
    }
    return weight;
  }
}
