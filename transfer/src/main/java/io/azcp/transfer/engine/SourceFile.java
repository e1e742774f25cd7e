package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file as its source lists it.
 *
 * @param name relative to the source directory or prefix, {@code /} between its parts; of a source
 *     that is one file, its last part
 * @param length bytes
 * @param lastModified milliseconds since the epoch
 * @param path where it lies on this machine; null for a blob
 * @param blob what the service lists of it; null for a file
 */
record SourceFile(String name, long length, long lastModified, Path path, BlobProperties blob) {
  /** A file of this machine. */
  static SourceFile of(String name, Path path, BasicFileAttributes attributes) {
    return new SourceFile(
        name, attributes.size(), attributes.lastModifiedTime().toMillis(), path, null);
  }

  /** A blob. */
  static SourceFile of(String name, BlobProperties blob) {
    return new SourceFile(name, blob.length(), blob.lastModified(), null, blob);
  }
}
