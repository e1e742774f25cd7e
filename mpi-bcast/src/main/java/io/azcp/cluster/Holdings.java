package io.azcp.cluster;

import io.azcp.mpi.Communicator.Reduction;
import io.azcp.mpi.CommunicatorException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which ranks have which files, as far as all must know it: whether every rank has a file, and else
 * the lowest that has it. The same on every rank.
 */
final class Holdings {
  /** Nobody has it. */
  static final int NOBODY = -1;

  /** Files told about at once. */
  private static final int AT_ONCE = 16_384;

  private final int[] holders;
  private final BitSet everywhere;
  private final BitSet here;

  private Holdings(int[] holders, BitSet everywhere, BitSet here) {
    this.holders = holders;
    this.everywhere = everywhere;
    this.here = here;
  }

  /** Compares what the ranks have. */
  static Holdings of(Ballot ballot, int rank, int files, BitSet here) throws CommunicatorException {
    var holders = new int[files];
    var everywhere = new BitSet(files);
    for (int start = 0; start < files; start += AT_ONCE) {
      int count = Math.min(AT_ONCE, files - start);
      // The lowest holder, and the least of "has it": both are minima.
      long[] mine = new long[2 * count];
      Arrays.fill(mine, 0, count, Long.MAX_VALUE);
      for (int i = 0; i < count; i++) {
        if (here.get(start + i)) {
          mine[i] = rank;
          mine[count + i] = 1;
        }
      }
      long[] all = ballot.all(mine, Reduction.MIN);
      for (int i = 0; i < count; i++) {
        holders[start + i] = all[i] == Long.MAX_VALUE ? NOBODY : (int) all[i];
        everywhere.set(start + i, all[count + i] == 1);
      }
    }
    return new Holdings(holders, everywhere, here);
  }

  /** The lowest rank that has a file, or {@link #NOBODY}. */
  int holder(int file) {
    return holders[file];
  }

  /** Whether all ranks have it. */
  boolean isEverywhere(int file) {
    return everywhere.get(file);
  }

  /** Whether this rank has it. */
  boolean isHere(int file) {
    return here.get(file);
  }

  int countEverywhere() {
    return everywhere.cardinality();
  }
}
