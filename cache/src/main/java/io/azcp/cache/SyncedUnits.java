package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Which units of a partial file outlive a loss of power: those whose byte in the map says that
 * their data had been synced before the byte was written. A byte that did not reach the disk costs
 * a fetch; one that did cannot lie. Works on descriptors alone; thread-safe.
 */
final class SyncedUnits {
  /** In a map file: the unit is there, and was on stable storage before this byte. */
  static final byte SYNCED = 2;

  private static final int PIECE = 64 << 10;

  private SyncedUnits() {}

  /**
   * Syncs a data file and then notes in its map what that has made safe: the units that were there
   * before, whoever fetched them.
   */
  static void sync(int dataFd, int mapFd, int units) throws IOException {
    BitSet fetched = with(mapFd, units, RangeMap.FETCHED);
    if (fetched.isEmpty()) {
      return;
    }
    Fd.syncData(dataFd);
    ByteBuffer marks = Native.buffer(Math.min(PIECE, units));
    while (marks.hasRemaining()) {
      marks.put(SYNCED);
    }
    for (int from = fetched.nextSetBit(0); from >= 0; from = fetched.nextSetBit(from)) {
      int to = Math.min(fetched.nextClearBit(from), from + marks.capacity());
      marks.clear().limit(to - from);
      Fd.pwriteFully(mapFd, marks, PartialHeader.BYTES + (long) from);
      from = to;
    }
  }

  /** The units that a map file has with that byte. */
  static BitSet with(int mapFd, int units, byte state) throws IOException {
    var found = new BitSet();
    ByteBuffer b = Native.buffer(Math.min(PIECE, Math.max(1, units)));
    for (int at = 0; at < units; at += b.capacity()) {
      b.clear().limit(Math.min(b.capacity(), units - at));
      Fd.pread(mapFd, b, PartialHeader.BYTES + (long) at);
      for (int i = 0; i < b.position(); i++) {
        if (b.get(i) == state) {
          found.set(at + i);
        }
      }
    }
    return found;
  }

  /** Bytes of content that the synced units of a map make. */
  static long bytes(int mapFd, long length) throws IOException {
    BitSet synced = with(mapFd, RangeMap.units(length), SYNCED);
    long bytes = (long) synced.cardinality() * RangeMap.UNIT;
    int last = RangeMap.units(length) - 1;
    return synced.get(Math.max(0, last)) ? bytes - ((last + 1L) * RangeMap.UNIT - length) : bytes;
  }

  /**
   * The synced units of a partial file from before a reboot, of which the data file has every
   * block; all others are taken out of it, so that it occupies what is counted.
   */
  static BitSet keep(int dataFd, int mapFd, long length) throws IOException {
    int units = RangeMap.units(length);
    BitSet kept = with(mapFd, units, SYNCED);
    for (int from = kept.nextSetBit(0); from >= 0; from = kept.nextSetBit(from)) {
      int to = kept.nextClearBit(from);
      long end = Math.min(length, (long) to * RangeMap.UNIT);
      if (Fd.seekHole(dataFd, (long) from * RangeMap.UNIT) < end) {
        kept.clear(from, to);
      }
      from = to;
    }
    for (int from = kept.nextClearBit(0); from < units; from = kept.nextClearBit(from)) {
      int next = kept.nextSetBit(from);
      int to = next < 0 ? units : next;
      takeOut(dataFd, (long) from * RangeMap.UNIT, (long) to * RangeMap.UNIT);
      from = to;
    }
    return kept;
  }

  private static void takeOut(int fd, long from, long to) throws IOException {
    try {
      Fd.punchHole(fd, from, to - from);
    } catch (AzcpException e) {
      // Blocks that nobody reads stay where the file system cannot take them out.
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
    }
  }

  /** Writes units into a map that nobody else has open yet. */
  static void write(int mapFd, BitSet units) throws IOException {
    ByteBuffer one = Native.buffer(1).put(SYNCED);
    for (int u = units.nextSetBit(0); u >= 0; u = units.nextSetBit(u + 1)) {
      Fd.pwriteFully(mapFd, one.flip(), PartialHeader.BYTES + (long) u);
    }
  }
}
