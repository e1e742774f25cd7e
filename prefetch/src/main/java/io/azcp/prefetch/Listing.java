package io.azcp.prefetch;

/**
 * What is listed, and which of it counts.
 *
 * @param prefix relative to the rule; every name starts with it
 * @param glob the pattern names must match, or null for all
 */
record Listing(String prefix, PathGlob glob) {
  static Listing all(String prefix) {
    return new Listing(prefix, null);
  }

  static Listing matching(PathGlob glob) {
    return new Listing(glob.literalPrefix(), glob);
  }

  /** Whether nothing below subdirectories can match. */
  boolean oneDirectory() {
    return glob != null && glob.oneDirectory();
  }

  boolean wants(String name) {
    return glob == null || glob.matches(name);
  }
}
