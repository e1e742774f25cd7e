package io.azcp.transfer.engine.list;

/** The order of names by their bytes in UTF-8, which is that of their code points. */
final class NameOrder {
  private NameOrder() {}

  /** Negative where a comes before b. */
  static int compare(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        // Surrogates stand for code points above all that one char can hold.
        boolean above = Character.isSurrogate(x) != Character.isSurrogate(y);
        return above ? (Character.isSurrogate(x) ? 1 : -1) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
