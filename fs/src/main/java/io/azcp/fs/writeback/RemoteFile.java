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
 */
public record RemoteFile(
    String blob,
    BlobVersion version,
    PosixAttributes attributes,
    java.util.Map<String, String> metadata,
    String contentType) {}
