package io.azcp.fs.fuse;

/**
 * Who asks.
 *
 * @param uid user
 * @param gid group
 * @param pid process, 0 when unknown
 */
public record Caller(int uid, int gid, int pid) {}
