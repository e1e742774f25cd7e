package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names of directories that are too large to be kept, as their pages were read last: so that
 * {@code ls -l}, which asks for each name after it has read them all, costs no request for each.
 *
 * <p>A name takes some 75 bytes off the heap and 8 on it, a million of them 80 MiB. Pages are
 * appended; a name read again unchanged only learns its new page. What does not fit drops the
 * directory longest unused, or this one's older pages with all it has. Thread-safe.
 */
final class StreamedNames {
  private static final int SLAB = 1 << 20;

  /** Positions count words, so that an int reaches 16 GiB. */
  private static final int WORD = 8;

  private static final int HEAD = 10;
  private static final int FIRST_SLOTS = 1 << 13;

  /** Pages of a directory, read again and again, after which it starts anew. */
  private static final int MOST_PAGES = 1 << 16;

  /** As many as a short numbers; names with more are not held. */
  private static final int MOST_CONTENT_TYPES = 1 << 15;

  private final Volume volume;
  private final int mostSlabs;
  private final Map<String, Table> tables = new LinkedHashMap<>(16, 0.75f, true);
  private final Deque<ByteBuffer> spare = new ArrayDeque<>();
  private final List<String> contentTypes = new ArrayList<>();
  private final Map<String, Integer> contentTypeNumbers = new HashMap<>();
  private int slabs;

  /** None yet; at most so many bytes of them. */
  StreamedNames(Volume volume, long mostBytes) {
    this.volume = volume;
    this.mostSlabs = (int) Math.max(1, mostBytes / SLAB);
  }

  /**
   * A name of a page.
   *
   * @param properties of its blob; null for a directory that only names below it make one
   */
  record Item(String part, BlobProperties properties) {}

  /** One directory. */
  private static final class Table {
    final List<ByteBuffer> slabs = new ArrayList<>();
    final List<long[]> pages = new ArrayList<>();
    int[] slots = new int[FIRST_SLOTS];
    int count;
    int used = SLAB;
  }

  /** A page of a directory has arrived: when it was asked for, and what it holds. */
  synchronized void add(String directory, long ticketNanos, long askedNanos, List<Item> items) {
    Table table = tables.computeIfAbsent(directory, d -> new Table());
    if (table.pages.size() == MOST_PAGES) {
      empty(table);
      table.pages.clear();
    }
    table.pages.add(new long[] {ticketNanos, askedNanos});
    for (Item item : items) {
      if (item.properties() != null && !isNumbered(item.properties().contentType())) {
        continue;
      }
      byte[] part = Paths.bytes(item.part());
      byte[] told = encode(item.properties());
      int hash = Arrays.hashCode(part);
      int slot = slot(table, hash, part);
      int at = table.slots[slot];
      if (at != 0 && (same(table, at, part.length, told) || isMarkerOf(item, table, at, part))) {
        slab(table, at).putInt(offset(at) + 4, table.pages.size() - 1);
      } else {
        int size = HEAD + part.length + 2 + told.length;
        if (size <= SLAB && makeRoom(table, size)) {
          // Making room may have emptied the table.
          slot = slot(table, hash, part);
          put(table, slot, hash, part, told);
        }
      }
    }
  }

  private void put(Table table, int slot, int hash, byte[] part, byte[] told) {
    int last = table.slabs.size() - 1;
    ByteBuffer slab = table.slabs.get(last);
    int at = table.used;
    slab.putInt(at, hash).putInt(at + 4, table.pages.size() - 1);
    slab.putShort(at + 8, (short) part.length).put(at + HEAD, part);
    slab.putShort(at + HEAD + part.length, (short) told.length);
    slab.put(at + HEAD + part.length + 2, told);
    int end = at + HEAD + part.length + 2 + told.length;
    table.used = (end + WORD - 1) / WORD * WORD;
    boolean fresh = table.slots[slot] == 0;
    table.slots[slot] = 1 + last * (SLAB / WORD) + at / WORD;
    if (fresh && ++table.count > table.slots.length / 2) {
      grow(table);
    }
  }

  private static void grow(Table table) {
    int[] old = table.slots;
    table.slots = new int[2 * old.length];
    for (int at : old) {
      if (at != 0) {
        int i = slab(table, at).getInt(offset(at)) & (table.slots.length - 1);
        while (table.slots[i] != 0) {
          i = (i + 1) & (table.slots.length - 1);
        }
        table.slots[i] = at;
      }
    }
  }

  /** Where a name is, or belongs. */
  private static int slot(Table table, int hash, byte[] part) {
    int mask = table.slots.length - 1;
    int i = hash & mask;
    while (table.slots[i] != 0 && !isPart(table, table.slots[i], hash, part)) {
      i = (i + 1) & mask;
    }
    return i;
  }

  private static boolean isPart(Table table, int at, int hash, byte[] part) {
    ByteBuffer slab = slab(table, at);
    int from = offset(at);
    return slab.getInt(from) == hash
        && slab.getShort(from + 8) == part.length
        && slab.slice(from + HEAD, part.length).equals(ByteBuffer.wrap(part));
  }

  private static boolean same(Table table, int at, int partLength, byte[] told) {
    ByteBuffer slab = slab(table, at);
    int from = offset(at) + HEAD + partLength;
    return slab.getShort(from) == told.length
        && slab.slice(from + 2, told.length).equals(ByteBuffer.wrap(told));
  }

  /** A marker blob comes before the directory of its name, and tells more of it. */
  private boolean isMarkerOf(Item item, Table table, int at, byte[] part) {
    if (item.properties() != null) {
      return false;
    }
    BlobProperties before = decode(told(table, at, part));
    return before != null && before.isFolder();
  }

  private static byte[] told(Table table, int at, byte[] part) {
    ByteBuffer slab = slab(table, at);
    int from = offset(at) + HEAD + part.length;
    byte[] told = new byte[slab.getShort(from)];
    slab.get(from + 2, told);
    return told;
  }

  private static ByteBuffer slab(Table table, int at) {
    return table.slabs.get((at - 1) / (SLAB / WORD));
  }

  private static int offset(int at) {
    return (at - 1) % (SLAB / WORD) * WORD;
  }

  /** Makes sure that the table's last slab has room; false where there is none to be had. */
  private boolean makeRoom(Table table, int size) {
    if (table.used + size <= SLAB) {
      return true;
    }
    if (spare.isEmpty() && slabs == mostSlabs) {
      String eldest = tables.keySet().iterator().next();
      Table dropped = tables.get(eldest);
      if (dropped == table) {
        empty(table);
      } else {
        tables.remove(eldest);
        empty(dropped);
      }
    }
    ByteBuffer slab = spare.poll();
    if (slab == null && slabs < mostSlabs) {
      slab = ByteBuffer.allocateDirect(SLAB);
      slabs++;
    }
    if (slab == null) {
      return false;
    }
    table.slabs.add(slab);
    table.used = 0;
    return true;
  }

  private void empty(Table table) {
    spare.addAll(table.slabs);
    table.slabs.clear();
    table.slots = new int[FIRST_SLOTS];
    table.count = 0;
    table.used = SLAB;
  }

  /** What the last page with that name told; null for none. */
  synchronized NameProbe.Answer find(String name) {
    if (tables.isEmpty()) {
      return null;
    }
    Table table = tables.get(Paths.parent(name));
    if (table == null) {
      return null;
    }
    byte[] part = Paths.bytes(Paths.part(name));
    int at = table.slots[slot(table, Arrays.hashCode(part), part)];
    if (at == 0) {
      return null;
    }
    long[] page = table.pages.get(slab(table, at).getInt(offset(at) + 4));
    BlobProperties properties = decode(told(table, at, part));
    Found found = properties == null ? volume.impliedDirectory() : volume.found(name, properties);
    return new NameProbe.Answer(found, page[0], page[1]);
  }

  /** Forgets a directory's names and those of the directories below it. */
  synchronized void forget(String directory) {
    String below = directory.isEmpty() ? "" : directory + "/";
    tables
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = e.getKey().equals(directory) || e.getKey().startsWith(below);
              if (gone) {
                empty(e.getValue());
              }
              return gone;
            });
  }

  /** Forgets the names directly in a directory. */
  synchronized void forgetOne(String directory) {
    Table table = tables.remove(directory);
    if (table != null) {
      empty(table);
    }
  }

  private byte[] encode(BlobProperties p) {
    if (p == null) {
      return new byte[0];
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(p.length());
      out.writeLong(p.lastModified());
      out.writeShort(contentTypeNumbers.get(p.contentType()));
      text(out, p.etag());
      text(out, p.contentMd5());
      out.writeByte(p.metadata().size());
      for (Map.Entry<String, String> e : p.metadata().entrySet()) {
        text(out, e.getKey());
        text(out, e.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private BlobProperties decode(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      long length = in.readLong();
      long lastModified = in.readLong();
      String contentType = contentTypes.get(in.readUnsignedShort());
      String etag = text(in);
      String md5 = text(in);
      Map<String, String> metadata = new HashMap<>();
      for (int left = in.readUnsignedByte(); left > 0; left--) {
        String key = text(in);
        metadata.put(key, text(in));
      }
      return new BlobProperties(
          etag, length, lastModified, contentType, md5, "BlockBlob", "", metadata);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isNumbered(String contentType) {
    if (!contentTypeNumbers.containsKey(contentType)) {
      if (contentTypes.size() == MOST_CONTENT_TYPES) {
        return false;
      }
      contentTypeNumbers.put(contentType, contentTypes.size());
      contentTypes.add(contentType);
    }
    return true;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeShort(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8);
  }
}
