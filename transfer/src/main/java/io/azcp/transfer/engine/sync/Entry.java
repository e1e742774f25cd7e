package io.azcp.transfer.engine.sync;

import io.azcp.transfer.blob.BlobProperties;

/**
 * What lies under a name on one side.
 *
 * @param name relative to the side's root, {@code /} between its parts; a directory's ends in one
 * @param length bytes
 * @param modified when its content was last changed, milliseconds since the epoch
 * @param blob what the service listed; null for what lies on this machine
 */
public record Entry(String name, Kind kind, long length, long modified, BlobProperties blob) {
  /** What it is. */
  public enum Kind {
    /** A file, or a blob that holds one. */
    FILE,
    /** A directory; on the service, the marker of one. */
    DIRECTORY,
    /** What is neither copied nor removed: links, devices, pipes. */
    OTHER
  }

  /** Something on this machine. */
  public static Entry local(String name, Kind kind, long length, long modified) {
    return new Entry(name, kind, length, modified, null);
  }

  /** A blob; its time may be another than the service's. */
  public static Entry remote(String name, Kind kind, long modified, BlobProperties blob) {
    return new Entry(name, kind, blob.length(), modified, blob);
  }

  /** The same, left alone. */
  public Entry leftAlone() {
    return new Entry(name, Kind.OTHER, length, modified, blob);
  }

  /** This file here, with the blob that lies under its name. */
  Entry beside(BlobProperties there) {
    return new Entry(name, kind, length, modified, there);
  }

  boolean lacksMd5() {
    return blob != null && blob.contentMd5().isEmpty();
  }
}
