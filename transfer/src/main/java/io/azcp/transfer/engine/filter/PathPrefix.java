package io.azcp.transfer.engine.filter;

/** A file, or a directory with all below it: {@code a} takes {@code a} and {@code a/x}, not ax. */
record PathPrefix(String path) {
  /** Reads a path with or without slashes at its ends. */
  static PathPrefix of(String text) {
    String path = text.replace("\\;", ";").replaceAll("^(\\./|/)+", "").replaceAll("/+$", "");
    return new PathPrefix(path.equals(".") ? "" : path);
  }

  boolean holds(String name) {
    boolean starts = name.startsWith(path);
    return path.isEmpty()
        || (starts && (name.length() == path.length() || name.charAt(path.length()) == '/'));
  }
}
