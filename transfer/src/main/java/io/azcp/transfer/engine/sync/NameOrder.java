package io.azcp.transfer.engine.sync;

import java.util.Comparator;

/**
 * The order of names by their UTF-8 bytes, which is that of their code points, without encoding
 * them. Java's own order of strings differs where a name holds a surrogate pair: U+1F600 comes
 * after U+FF21, but its first UTF-16 unit (D83D) comes before.
 */
public final class NameOrder implements Comparator<String> {
  /** The one there is. */
  public static final NameOrder UTF8 = new NameOrder();

  private static final int SURROGATES = 0xD800;
  private static final int AFTER_SURROGATES = 0xE000;

  private NameOrder() {}

  @Override
  public int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return rank(x) - rank(y);
      }
    }
    return a.length() - b.length();
  }

  /** Puts the surrogates after all other units, and leaves the rest in order. */
  private static int rank(char unit) {
    if (unit < SURROGATES) {
      return unit;
    }
    int surrogates = AFTER_SURROGATES - SURROGATES;
    return unit >= AFTER_SURROGATES ? unit - surrogates : unit + 0x10000 - AFTER_SURROGATES;
  }
}
