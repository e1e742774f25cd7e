package io.azcp.fs.writeback;

import io.azcp.cache.BlobVersion;

/**
 * A blob as this mount knows it.
 *
 * @param blob the name it has in the service now, relative to the rule's prefix (it differs from
 *     the visible name while a rename is pending)
 * @param version its version
 * @param attributes its attributes
 * @param metadata its user metadata, other people's keys included
 * @param contentType its Content-Type, or empty
 * @param tier its access tier as Hot or Archive, or empty where that is not known
 */
public record RemoteFile(
    String blob,
    BlobVersion version,
    PosixAttributes attributes,
    java.util.Map<String, String> metadata,
    String contentType,
    String tier) {

  /** Without a tier. */
  public RemoteFile(
      String blob,
      BlobVersion version,
      PosixAttributes attributes,
      java.util.Map<String, String> metadata,
      String contentType) {
    this(blob, version, attributes, metadata, contentType, "");
  }

  /**
   * A blob of which no more than the version is known. What else it is the service is asked before
   * a change of it is uploaded.
   *
   * @param attributes as they are supposed
   * @param owner whether its owner, too, is what metadata say
   */
  public static RemoteFile unasked(
      String blob, BlobVersion version, PosixAttributes attributes, boolean owner) {
    return new RemoteFile(blob, version, attributes, Unasked.mark(blob, attributes, owner), "");
  }

  /** Whether nobody can read or change it before it is brought back. */
  public boolean archived() {
    return tier.equalsIgnoreCase("Archive");
  }

  /** The metadata that say nothing of {@link #attributes}. */
  public java.util.Map<String, String> othersMetadata() {
    return BlobMetadata.others(metadata);
  }
}
