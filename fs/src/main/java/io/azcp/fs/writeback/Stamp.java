package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;

/** What tells one content of a staging file from another without reading it. */
record Stamp(long size, long mtimeNanos) {
  static Stamp of(Stat stat) {
    return new Stamp(stat.size(), stat.mtimeNanos());
  }
}
