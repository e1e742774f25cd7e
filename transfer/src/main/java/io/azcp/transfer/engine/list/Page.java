package io.azcp.transfer.engine.list;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * The blobs of a page that came before its turn. Filled by one thread, replayed by another. They
 * are kept as bytes and numbers, a tenth of what they take as objects: many pages wait at once.
 */
final class Page implements ListVisitor {
  private static final int ITEMS = 512;

  /** Of the arrays: three ends, a length, a time, a reference. */
  private static final int ITEM_BYTES = 3 * Integer.BYTES + 3 * Long.BYTES;

  private String within = "";
  private BooleanSupplier unwanted = () -> false;
  private boolean left;

  private int count;
  private String last = "";

  /** Name, entity tag and MD5 of each, in UTF-8, and where each of the three ends. */
  private byte[] texts = new byte[16 << 10];

  private int[] ends = new int[3 * ITEMS];
  private long[] lengths = new long[ITEMS];
  private long[] times = new long[ITEMS];

  /** The rest of each: that of the one before where it is equal. */
  private BlobProperties[] rests = new BlobProperties[ITEMS];

  private MemoryBudget.Reservation memory;

  /** The memory it may take from now on, instead of what it had. */
  void reserved(MemoryBudget.Reservation reservation) {
    release();
    memory = reservation;
  }

  /** Gives its memory back: nobody fills or replays it any more. */
  void release() {
    if (memory != null) {
      memory.close();
    }
  }

  /** What it takes, but for the rests, of which most pages have one. */
  long bytes() {
    return texts.length + (long) lengths.length * ITEM_BYTES;
  }

  /**
   * Forgets what it held.
   *
   * @param prefix names that do not start with this end the listing
   * @param givenUp asked with every item; ends the call that fills the page
   */
  void begin(String prefix, BooleanSupplier givenUp) {
    within = prefix;
    unwanted = givenUp;
    left = false;
    last = "";
    Arrays.fill(rests, 0, count, null);
    count = 0;
  }

  @Override
  public void blob(String name, BlobProperties properties) throws IOException {
    if (unwanted.getAsBoolean()) {
      throw new AzcpException(Errno.ECANCELED, "the listing was given up");
    }
    left |= !name.startsWith(within);
    if (!left) {
      add(name, properties);
    }
  }

  /** Adds a blob. */
  void add(String name, BlobProperties blob) {
    if (count == lengths.length) {
      int room = count * 4;
      ends = Arrays.copyOf(ends, 3 * room);
      lengths = Arrays.copyOf(lengths, room);
      times = Arrays.copyOf(times, room);
      rests = Arrays.copyOf(rests, room);
    }
    text(3 * count, name);
    text(3 * count + 1, blob.etag());
    text(3 * count + 2, blob.contentMd5());
    lengths[count] = blob.length();
    times[count] = blob.lastModified();
    BlobProperties before = count == 0 ? null : rests[count - 1];
    rests[count] = before != null && sameRest(before, blob) ? before : blob;
    last = name;
    count++;
  }

  private void text(int number, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int from = start(number);
    if (from + bytes.length > texts.length) {
      texts = Arrays.copyOf(texts, Math.max(from + bytes.length, texts.length * 2));
    }
    System.arraycopy(bytes, 0, texts, from, bytes.length);
    ends[number] = from + bytes.length;
  }

  private static boolean sameRest(BlobProperties a, BlobProperties b) {
    return a.contentType().equals(b.contentType())
        && a.blobType().equals(b.blobType())
        && a.tier().equals(b.tier())
        && a.metadata().equals(b.metadata())
        && Objects.equals(a.details(), b.details());
  }

  /** Whether a name was met that does not belong here. */
  boolean left() {
    return left;
  }

  int size() {
    return count;
  }

  /** Whether its names come in the order of their bytes, and after another. */
  boolean follows(String name) {
    if (count > 0 && NameOrder.compare(name, text(0)) >= 0) {
      return false;
    }
    for (int i = 1; i < count; i++) {
      int before = 3 * (i - 1);
      int order =
          Arrays.compareUnsigned(
              texts, start(before), ends[before], texts, start(3 * i), ends[3 * i]);
      if (order >= 0) {
        return false;
      }
    }
    return true;
  }

  String last() {
    return last;
  }

  void replay(ListVisitor visitor) throws IOException {
    for (int i = 0; i < count; i++) {
      BlobProperties rest = rests[i];
      visitor.blob(
          text(3 * i),
          new BlobProperties(
              text(3 * i + 1),
              lengths[i],
              times[i],
              rest.contentType(),
              text(3 * i + 2),
              rest.blobType(),
              rest.tier(),
              rest.metadata(),
              rest.details()));
    }
  }

  private int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  private String text(int number) {
    int from = start(number);
    return new String(texts, from, ends[number] - from, StandardCharsets.UTF_8);
  }
}
