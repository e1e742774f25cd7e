package io.azcp.fs.tree;

/**
 * Inode numbers: the 64-bit FNV-1a hash of a name, finished by the mixer of SplitMix64, less the
 * sign. The same name has the same number after every mount.
 */
final class Inodes {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;
  private static final long SPLITMIX_GAMMA = 0x9e3779b97f4a7c15L;

  /** Number 1 is the mount's root. */
  private static final long FIRST = 2;

  private Inodes() {}

  /** The number of a name of a volume; null for a directory on the way to volumes. */
  static long of(Volume volume, String name) {
    long h = FNV_OFFSET;
    if (volume != null) {
      h = add(add(h, volume.rule().account().accountName()), volume.describe(name));
    } else {
      h = add(h, name);
    }
    return finish(h);
  }

  /** The next one to try where one is taken. */
  static long next(long inode) {
    return finish(inode + SPLITMIX_GAMMA);
  }

  private static long add(long hash, String text) {
    long h = hash;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * FNV_PRIME;
    }
    return (h ^ 0xff) * FNV_PRIME;
  }

  private static long finish(long hash) {
    long h = hash;
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    h = (h ^ (h >>> 31)) & Long.MAX_VALUE;
    return Math.max(FIRST, h);
  }
}
