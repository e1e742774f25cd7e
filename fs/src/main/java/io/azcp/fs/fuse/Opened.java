package io.azcp.fs.fuse;

/**
 * An open file.
 *
 * @param handle given back with every call on it
 * @param keepCache whether pages the kernel has of this node stay valid
 * @param backing a descriptor the kernel may read and write directly (passthrough), or −1. It must
 *     stay valid until {@link Reply#ok} returns; the kernel keeps the file itself from then on. All
 *     opens of one node live at one time name the same file; the first of them decides whether they
 *     are served by passthrough, so a port that names a backing file serves reads and writes too.
 */
public record Opened(long handle, boolean keepCache, int backing) {}
