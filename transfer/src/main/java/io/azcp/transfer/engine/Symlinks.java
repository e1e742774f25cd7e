package io.azcp.transfer.engine;

/** What an upload does with a symbolic link. */
public enum Symlinks {
  /** Leaves it out, and says so. */
  SKIP,
  /** Takes what it points to. */
  FOLLOW,
  /** Stores the link itself, as AzCopy does: its target as content, {@code is_symlink} beside. */
  PRESERVE
}
