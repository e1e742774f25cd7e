package io.azcp.cluster;

import io.azcp.transfer.engine.shard.LongestFirst;
import java.util.Arrays;

/**
 * The parts that files are divided into, each with the rank that has it or gets it from the
 * service: the same on every rank. 24 bytes of memory each.
 */
final class Shards {
  private int[] files = new int[256];
  private long[] offsets = new long[256];
  private long[] lengths = new long[256];
  private int[] owners = new int[256];
  private int count;

  /** Adds a part of a file and answers its number. */
  int add(int file, long offset, long length, int owner) {
    if (count == files.length) {
      int more = Math.addExact(count, count / 2);
      files = Arrays.copyOf(files, more);
      offsets = Arrays.copyOf(offsets, more);
      lengths = Arrays.copyOf(lengths, more);
      owners = Arrays.copyOf(owners, more);
    }
    files[count] = file;
    offsets[count] = offset;
    lengths[count] = length;
    owners[count] = owner;
    return count++;
  }

  int count() {
    return count;
  }

  int file(int shard) {
    return files[shard];
  }

  long offset(int shard) {
    return offsets[shard];
  }

  long length(int shard) {
    return lengths[shard];
  }

  int owner(int shard) {
    return owners[shard];
  }

  /**
   * Gives each part from a number on an owner by the longest-processing-time rule.
   *
   * @param names compares two files by their names
   */
  void divide(int from, int ranks, LongestFirst.Order names) {
    LongestFirst.Order order =
        (a, b) -> {
          int x = files[from + a];
          int y = files[from + b];
          int byName = x == y ? 0 : names.compare(x, y);
          return byName != 0 ? byName : Integer.compare(a, b);
        };
    long[] sizes = Arrays.copyOfRange(lengths, from, count);
    int[] bins = LongestFirst.bins(sizes, count - from, order, ranks);
    System.arraycopy(bins, 0, owners, from, bins.length);
  }

  /** The numbers of each owner's parts in their order. */
  int[][] byOwner(int ranks) {
    int[] sizes = new int[ranks];
    for (int i = 0; i < count; i++) {
      sizes[owners[i]]++;
    }
    int[][] all = new int[ranks][];
    for (int r = 0; r < ranks; r++) {
      all[r] = new int[sizes[r]];
    }
    Arrays.fill(sizes, 0);
    for (int i = 0; i < count; i++) {
      all[owners[i]][sizes[owners[i]]++] = i;
    }
    return all;
  }
}
