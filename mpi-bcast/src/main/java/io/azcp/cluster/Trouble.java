package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.BitSet;

/**
 * What goes wrong on one rank while files are on their way: the first thing that this node cannot
 * do, which ends the run, and shards that cannot be had here. It says both, but not a thousand
 * times. Thread-safe.
 */
final class Trouble implements Downloads.Failures {
  private static final int SHOWN = 10;

  private final Ballot ballot;
  private final FileTable table;
  private final Shards shards;
  private final BitSet hopeless = new BitSet();
  private int code;
  private int said;

  Trouble(Ballot ballot, FileTable table, Shards shards) {
    this.ballot = ballot;
    this.table = table;
    this.shards = shards;
  }

  @Override
  public synchronized void failed(int shard, IOException reason) {
    if (!Retries.mayHelp(reason)) {
      hopeless.set(shard);
    }
    if (said++ < SHOWN) {
      String name = table.get(shards.file(shard)).name();
      String text = String.valueOf(reason.getMessage());
      ballot.complain(text.contains(name) ? text : name + ": " + text);
    } else if (said == SHOWN + 1) {
      ballot.complain("and more files");
    }
  }

  @Override
  public synchronized void local(IOException reason) {
    if (code == 0) {
      Errno errno = AzcpException.errnoOf(reason);
      boolean disk = reason instanceof PosixException;
      boolean full = errno == Errno.ENOSPC || errno == Errno.EDQUOT;
      ballot.complain(disk ? "cannot write: " + reason.getMessage() : reason.getMessage());
      code = full ? Stage.SPACE.code() : Stage.BROADCAST.code();
    }
  }

  /** The code this rank votes with; 0 while all is well. */
  synchronized int code() {
    return code;
  }

  /** Whether no other rank needs to try a shard. */
  synchronized boolean isHopeless(int shard) {
    return hopeless.get(shard);
  }
}
