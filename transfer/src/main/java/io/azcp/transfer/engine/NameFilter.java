package io.azcp.transfer.engine;

/** Chooses files of a transfer. Thread-safe. */
@FunctionalInterface
public interface NameFilter {
  /** Takes every file. */
  NameFilter ALL = (name, lastModified) -> true;

  /**
   * Whether a file is taken.
   *
   * @param name relative to the source directory or prefix, {@code /} between its parts
   * @param lastModified of the source, milliseconds since the epoch
   */
  boolean accepts(String name, long lastModified);
}
