package io.azcp.prefetch;

/**
 * What is listed, and which of it counts.
 *
 * @param prefix relative to the rule; every name starts with it
 * @param glob the pattern names must match, or null for all
 * @param oneDirectory whether nothing below subdirectories counts
 */
record Listing(String prefix, PathGlob glob, boolean oneDirectory) {
  static Listing all(String prefix) {
    return new Listing(prefix, null, false);
  }

  static Listing matching(PathGlob glob) {
    return new Listing(glob.literalPrefix(), glob, glob.oneDirectory());
  }

  /** What lies directly in a directory; the prefix is empty or ends in a slash. */
  static Listing directory(String prefix) {
    return new Listing(prefix, null, true);
  }

  boolean wants(String name) {
    return glob == null || glob.matches(name);
  }
}
