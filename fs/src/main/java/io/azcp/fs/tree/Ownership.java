package io.azcp.fs.tree;

import io.azcp.base.posix.Stat;
import io.azcp.fs.writeback.PosixAttributes;

/**
 * Owners and permissions of what carries none of its own.
 *
 * @param uid owner of everything, unless the metadata is believed
 * @param gid group of everything, unless the metadata is believed
 * @param umask permission bits withheld from files and directories without modes of their own
 * @param fromMetadata whether owners in blob metadata are believed (mounts by root)
 */
public record Ownership(int uid, int gid, int umask, boolean fromMetadata) {
  private static final int PERMISSIONS = 07777;

  /** A file that carries no attributes. */
  PosixAttributes file(long mtimeNanos) {
    return new PosixAttributes(Stat.REGULAR | (0666 & ~umask), uid, gid, mtimeNanos);
  }

  /** A directory that carries no attributes. */
  PosixAttributes directory(long mtimeNanos) {
    return new PosixAttributes(Stat.DIRECTORY | (0777 & ~umask), uid, gid, mtimeNanos);
  }

  /** What a caller creates: its mode, owned by the caller where owners are kept. */
  PosixAttributes created(int type, int mode, int callerUid, int callerGid, long mtimeNanos) {
    return new PosixAttributes(
        type | (mode & PERMISSIONS),
        fromMetadata ? callerUid : uid,
        fromMetadata ? callerGid : gid,
        mtimeNanos);
  }
}
