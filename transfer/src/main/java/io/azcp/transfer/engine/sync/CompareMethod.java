package io.azcp.transfer.engine.sync;

/** By what two files of the same name are compared ({@code --compare-method}). */
public enum CompareMethod {
  /** They differ when their sizes do. */
  SIZE,
  /** Also when the source is newer, in whole seconds: blobs have no finer times. */
  SIZE_AND_MTIME,
  /** By size and the MD5 of the content. */
  MD5,
  /** They count as different. */
  ALWAYS,
  /** They count as the same ({@code --overwrite=false}). */
  PRESENCE;

  private static final long SECOND = 1000;

  /** Whether the source is newer: both in milliseconds, in whole seconds, as blobs' times are. */
  public static boolean isNewer(long source, long destination) {
    return Math.floorDiv(source, SECOND) > Math.floorDiv(destination, SECOND);
  }
}
