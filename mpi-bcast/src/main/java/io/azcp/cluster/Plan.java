package io.azcp.cluster;

import java.util.BitSet;

/**
 * What is to be done about the files that not every rank has: downloads, divided among the ranks
 * that download, and files that some rank has and brings to the others. The same on every rank.
 */
final class Plan {
  private final Shards shards = new Shards();
  private final BitSet wanted;
  private final BitSet empty;
  private final long shardSize;
  private long downloadBytes;
  private long peerBytes;
  private int downloadFiles;
  private int peerFiles;
  private int firstDownload;

  private Plan(int files, long shardSize) {
    this.wanted = new BitSet(files);
    this.empty = new BitSet(files);
    this.shardSize = shardSize;
  }

  /**
   * A plan.
   *
   * @param ranks how many ranks download
   */
  static Plan of(FileTable table, Holdings holdings, ClusterOptions options, int ranks) {
    var plan = new Plan(table.count(), shardSize(table, holdings, options));
    for (int file = 0; file < table.count(); file++) {
      if (!holdings.isEverywhere(file) && holdings.holder(file) != Holdings.NOBODY) {
        plan.addPeer(file, table.size(file), holdings.holder(file));
      }
    }
    plan.firstDownload = plan.shards.count();
    for (int file = 0; file < table.count(); file++) {
      if (holdings.holder(file) == Holdings.NOBODY) {
        plan.addDownload(file, table.size(file));
      }
    }
    plan.shards.divide(plan.firstDownload, ranks, table::compareByName);
    return plan;
  }

  private static long shardSize(FileTable table, Holdings holdings, ClusterOptions options) {
    if (options.fileShards() == 0) {
      return options.shardSize();
    }
    long largest = 0;
    for (int file = 0; file < table.count(); file++) {
      if (holdings.holder(file) == Holdings.NOBODY) {
        largest = Math.max(largest, table.size(file));
      }
    }
    long part = (largest + options.fileShards() - 1) / options.fileShards();
    long chunks = Math.max(1, (part + options.chunk() - 1) / options.chunk());
    return chunks * options.chunk();
  }

  private void addPeer(int file, long size, int holder) {
    wanted.set(file);
    peerFiles++;
    peerBytes += size;
    if (size == 0) {
      empty.set(file);
    } else {
      shards.add(file, 0, size, holder);
    }
  }

  private void addDownload(int file, long size) {
    wanted.set(file);
    downloadFiles++;
    downloadBytes += size;
    long step = shardSize == 0 ? Math.max(1, size) : shardSize;
    empty.set(file, size == 0);
    for (long offset = 0; offset < size; offset += step) {
      shards.add(file, offset, Math.min(step, size - offset), 0);
    }
  }

  /** Whether a file is divided among several ranks, perhaps. */
  boolean isCut(long size) {
    return shardSize > 0 && size > shardSize;
  }

  /** All parts: first the files that a rank has, then what comes from the service. */
  Shards shards() {
    return shards;
  }

  /** The number of the first part that comes from the service. */
  int firstDownload() {
    return firstDownload;
  }

  /** Files that some rank has not. */
  BitSet wanted() {
    return wanted;
  }

  /** Those without a byte, which each rank makes by itself. */
  BitSet empty() {
    return empty;
  }

  long shardSize() {
    return shardSize;
  }

  long downloadBytes() {
    return downloadBytes;
  }

  long peerBytes() {
    return peerBytes;
  }

  int downloadFiles() {
    return downloadFiles;
  }

  int peerFiles() {
    return peerFiles;
  }
}
