package io.azcp.fs.fuse;

/**
 * What setattr changes; null leaves as it is.
 *
 * @param mode permission bits
 * @param uid owner
 * @param gid group
 * @param size new length in bytes
 * @param atimeNanos nanoseconds since the epoch
 * @param mtimeNanos nanoseconds since the epoch
 */
public record SetAttributes(
    Integer mode, Integer uid, Integer gid, Long size, Long atimeNanos, Long mtimeNanos) {}
