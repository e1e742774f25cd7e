package io.azcp.transfer.blob;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The orders in which services list names. */
public enum ListingOrder {
  /** By UTF-8 bytes: {@code A, A-B, A/x}. */
  FLAT {
    @Override
    public int compare(String a, String b) {
      return Arrays.compareUnsigned(
          a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
  },
  /** By UTF-8 bytes of one part after the other, as directories have it: {@code A, A/x, A-B}. */
  HIERARCHICAL {
    @Override
    public int compare(String a, String b) {
      return FLAT.compare(a.replace('/', '\0'), b.replace('/', '\0'));
    }
  },
  /** By UTF-16 units, as Azurite: {@code 😀} before {@code \uFFFD}. */
  UTF16 {
    @Override
    public int compare(String a, String b) {
      return a.compareTo(b);
    }
  };

  /** Which of two names is listed first. */
  public abstract int compare(String a, String b);

  /** The same as a comparator. */
  public Comparator<String> comparator() {
    return this::compare;
  }
}
