package io.azcp.fs.fuse;

/**
 * A node's attributes as stat(2) shows them.
 *
 * @param inode the stable st_ino
 * @param mode type and permission bits
 * @param links link count
 * @param uid owner
 * @param gid group
 * @param size bytes
 * @param blocks 512-byte blocks
 * @param atimeNanos nanoseconds since the epoch
 * @param mtimeNanos nanoseconds since the epoch
 * @param ctimeNanos nanoseconds since the epoch
 * @param device number of a device as the kernel encodes it, 0 for none
 * @param ttlNanos how long the kernel may keep them
 */
public record Attributes(
    long inode,
    int mode,
    int links,
    int uid,
    int gid,
    long size,
    long blocks,
    long atimeNanos,
    long mtimeNanos,
    long ctimeNanos,
    int device,
    long ttlNanos) {}
