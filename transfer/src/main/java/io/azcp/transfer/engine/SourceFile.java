package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;

/**
 * A file as its source lists it.
 *
 * @param name relative to the source directory or prefix, {@code /} between its parts; of a source
 *     that is one file, its last part; empty for the source directory itself
 * @param kind what it is, as far as the source tells
 * @param length bytes
 * @param lastModified milliseconds since the epoch
 * @param path where it lies on this machine; null for a blob
 * @param blob what the service lists of it; null for a file. One without an ETag is known by its
 *     name alone: what counts is what the service says when it is moved.
 */
record SourceFile(
    String name, Kind kind, long length, long lastModified, Path path, BlobProperties blob) {
  /** What a file is. */
  enum Kind {
    /** A regular file; a blob that may yet turn out to be something else. */
    FILE,
    /** A symbolic link, moved as such. */
    LINK,
    /** A directory, moved without what it holds. */
    DIRECTORY
  }

  /** A file of this machine. */
  static SourceFile of(String name, Path path, BasicFileAttributes attributes) {
    Kind kind =
        attributes.isDirectory()
            ? Kind.DIRECTORY
            : attributes.isSymbolicLink() ? Kind.LINK : Kind.FILE;
    return new SourceFile(
        name, kind, attributes.size(), attributes.lastModifiedTime().toMillis(), path, null);
  }

  /** A blob; one whose name ends in a slash stands for a directory. */
  static SourceFile of(String name, BlobProperties blob) {
    boolean directory = name.isEmpty() || name.endsWith("/");
    return new SourceFile(
        directory && !name.isEmpty() ? name.substring(0, name.length() - 1) : name,
        directory ? Kind.DIRECTORY : Kind.FILE,
        blob.length(),
        blob.lastModified(),
        null,
        blob);
  }

  /**
   * A blob of which no more than the name is known.
   *
   * @param length what somebody says its length was, by which its transfer is planned
   * @param lastModified what somebody says
   */
  static SourceFile named(String name, long length, long lastModified) {
    return of(name, new BlobProperties("", length, lastModified, "", "", "", "", Map.of()));
  }
}
