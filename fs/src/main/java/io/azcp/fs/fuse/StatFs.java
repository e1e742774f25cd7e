package io.azcp.fs.fuse;

/**
 * What statfs(2) shows.
 *
 * @param blockSize bytes
 * @param blocks in all
 * @param freeBlocks free
 * @param availableBlocks free for users
 * @param files inodes in all
 * @param freeFiles free inodes
 */
public record StatFs(
    int blockSize,
    long blocks,
    long freeBlocks,
    long availableBlocks,
    long files,
    long freeFiles) {}
