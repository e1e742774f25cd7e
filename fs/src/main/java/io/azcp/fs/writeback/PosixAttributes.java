package io.azcp.fs.writeback;

/**
 * What a file or directory carries besides its content.
 *
 * @param mode type and permission bits (S_IFREG, S_IFDIR or S_IFLNK)
 * @param uid owner
 * @param gid group
 * @param mtimeNanos nanoseconds since the epoch
 */
public record PosixAttributes(int mode, int uid, int gid, long mtimeNanos) {}
