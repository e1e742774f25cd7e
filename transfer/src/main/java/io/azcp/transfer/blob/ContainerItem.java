package io.azcp.transfer.blob;

/**
 * A container in a listing.
 *
 * @param name container name
 * @param lastModified milliseconds since the epoch
 */
public record ContainerItem(String name, long lastModified) {}
