package io.azcp.transfer.blob;

import java.io.IOException;
import java.util.Arrays;

/**
 * Shows each item of a page once although the page may be asked for again. Remembers eight bytes an
 * item, 40 KB for the largest page: a hash of its name. Two of 5,000 names share one in a page out
 * of 10¹², and then only matter in a page that is repeated.
 */
final class SeenItems implements ListVisitor {
  /** The caller's visitor failed; its failure is the cause. */
  static final class VisitorFailure extends IOException {
    VisitorFailure(IOException cause) {
      super(cause);
    }

    IOException reason() {
      return (IOException) getCause();
    }
  }

  private final ListVisitor visitor;
  private long[] shown = new long[256];
  private int count;

  /** Items of earlier attempts, sorted. */
  private long[] earlier = {};

  SeenItems(ListVisitor visitor) {
    this.visitor = visitor;
  }

  /** The page is asked for again. */
  void again() {
    earlier = Arrays.copyOf(shown, count);
    Arrays.sort(earlier);
  }

  @Override
  public void blob(String name, BlobProperties properties) throws IOException {
    if (fresh(hash(name, 1))) {
      try {
        visitor.blob(name, properties);
      } catch (IOException e) {
        throw new VisitorFailure(e);
      }
    }
  }

  @Override
  public void prefix(String name) throws IOException {
    if (fresh(hash(name, 2))) {
      try {
        visitor.prefix(name);
      } catch (IOException e) {
        throw new VisitorFailure(e);
      }
    }
  }

  private boolean fresh(long hash) {
    if (Arrays.binarySearch(earlier, hash) >= 0) {
      return false;
    }
    if (count == shown.length) {
      shown = Arrays.copyOf(shown, count * 2);
    }
    shown[count++] = hash;
    return true;
  }

  /** A 64-bit hash: multiply and fold for each character, mixed at the end as SplitMix64 does. */
  private static long hash(String name, long seed) {
    long h = seed;
    for (int i = 0; i < name.length(); i++) {
      h = (h ^ name.charAt(i)) * 0x9E3779B97F4A7C15L;
      h ^= h >>> 32;
    }
    h = (h ^ (h >>> 30)) * 0xBF58476D1CE4E5B9L;
    h = (h ^ (h >>> 27)) * 0x94D049BB133111EBL;
    return h ^ (h >>> 31);
  }
}
