package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Which units of a partial file are there: a byte a unit in the map file, behind its header, and a
 * bit a unit in memory. A unit's byte is written after its data and never taken back, so processes
 * that share the file need no lock to read it, and none ever reads, changes and writes back a byte
 * that holds another's unit. Thread-safe.
 */
final class RangeMap {
  /** Bytes of content a unit stands for. */
  static final int UNIT = 64 << 10;

  /** Bytes of a block of the disk; units are made of whole ones. */
  private static final long BLOCK = 4096;

  /** In the map file: the unit is there, though perhaps not on stable storage. */
  static final byte FETCHED = 1;

  private static final int READ_BYTES = 64 << 10;

  /** What is written for units that are there: never changed, so that no buffer is made for it. */
  private static final ByteBuffer MARKS = marks();

  private final int fd;
  private final long length;
  private final int units;
  private final long[] bits;
  private int absent;
  private boolean unsynced;

  RangeMap(int fd, long length) throws IOException {
    this.fd = fd;
    this.length = length;
    this.units = units(length);
    this.bits = new long[(units + 63) / 64];
    this.absent = units;
    refresh(0, units);
  }

  /** Units of a file of that length. */
  static int units(long length) {
    return Math.toIntExact((length + UNIT - 1) / UNIT);
  }

  private static ByteBuffer marks() {
    ByteBuffer marks = Native.buffer(4096);
    while (marks.hasRemaining()) {
      marks.put(FETCHED);
    }
    return marks.flip();
  }

  int units() {
    return units;
  }

  long length() {
    return length;
  }

  /** The first unit a range touches. */
  static int first(long offset) {
    return Math.toIntExact(offset / UNIT);
  }

  /** The unit behind a range. */
  int behind(long end) {
    return Math.toIntExact((Math.min(end, length) + UNIT - 1) / UNIT);
  }

  /** Where the unit begins; the length for the unit behind the last. */
  long offset(int unit) {
    return Math.min(length, (long) unit * UNIT);
  }

  /** The same in whole blocks of the disk. */
  long diskOffset(int unit) {
    return diskBytes(offset(unit));
  }

  /** Bytes in whole blocks of the disk. */
  static long diskBytes(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK * BLOCK;
  }

  /** Reads what other processes have marked meanwhile. Answers whether anything was new. */
  boolean refresh(int from, int to) throws IOException {
    boolean news = false;
    for (int at = from; at < to; at += READ_BYTES) {
      int count = Math.min(READ_BYTES, to - at);
      ByteBuffer b = Native.buffer(count);
      Fd.pread(fd, b, PartialHeader.BYTES + (long) at);
      synchronized (this) {
        for (int i = 0; i < b.position(); i++) {
          byte state = b.get(i);
          if (state != 0) {
            unsynced |= state == FETCHED;
            news |= set(at + i);
          }
        }
      }
    }
    return news;
  }

  /** Whether units were seen in the map file that may not be on stable storage. */
  synchronized boolean unsynced() {
    return unsynced;
  }

  /** Notes units as fetched, here and in the file; their data has been written. */
  void mark(int from, int to) throws IOException {
    for (int at = from; at < to; at += MARKS.capacity()) {
      int count = Math.min(MARKS.capacity(), to - at);
      Fd.pwriteFully(fd, MARKS.duplicate().limit(count), PartialHeader.BYTES + (long) at);
    }
    synchronized (this) {
      for (int u = from; u < to; u++) {
        set(u);
      }
    }
  }

  /** Notes in memory alone that everything is there, because a whole file stands behind it. */
  synchronized void fill() {
    for (int u = 0; u < units; u++) {
      set(u);
    }
  }

  private boolean set(int unit) {
    long bit = 1L << unit;
    if ((bits[unit >> 6] & bit) != 0) {
      return false;
    }
    bits[unit >> 6] |= bit;
    absent--;
    return true;
  }

  synchronized boolean complete() {
    return absent == 0;
  }

  synchronized boolean present(int from, int to) {
    return nextAbsent(from, to) == to;
  }

  /** The first absent unit in a range, or its end. */
  synchronized int nextAbsent(int from, int to) {
    return next(from, to, -1L);
  }

  /** The first unit in a range that is there, or its end. */
  synchronized int nextPresent(int from, int to) {
    return next(from, to, 0L);
  }

  private int next(int from, int to, long flip) {
    for (int word = from >> 6; from < to && word <= (to - 1) >> 6; word++) {
      long candidates = bits[word] ^ flip;
      if (word == from >> 6) {
        candidates &= -1L << from;
      }
      if (candidates != 0) {
        return Math.min(to, (word << 6) + Long.numberOfTrailingZeros(candidates));
      }
    }
    return to;
  }

  /** Bytes that are there of the units a range touches. */
  synchronized long presentBytes(long from, long end) {
    int behind = behind(end);
    int units = 0;
    for (int u = next(first(from), behind, 0L); u < behind; u = next(u, behind, 0L)) {
      int absentFrom = next(u, behind, -1L);
      units += absentFrom - u;
      u = absentFrom;
    }
    return (long) units * UNIT;
  }

  synchronized long presentBytes() {
    if (absent == 0) {
      return length;
    }
    boolean last = (bits[(units - 1) >> 6] & (1L << (units - 1))) != 0;
    long full = (long) (units - absent) * UNIT;
    return last ? full - ((long) units * UNIT - length) : full;
  }
}
