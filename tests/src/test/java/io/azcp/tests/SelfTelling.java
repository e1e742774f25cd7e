package io.azcp.tests;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Content that says of each of its words of 8 bytes which file it belongs to, of which version of
 * it, and where in it: whatever is mixed of two of them, or moved, is found by looking at it.
 */
final class SelfTelling {
  private static final int WORD = 8;
  private static final int NAME_SHIFT = 56;
  private static final int VERSION_SHIFT = 36;
  private static final long VERSION_MASK = (1L << (NAME_SHIFT - VERSION_SHIFT)) - 1;

  /** Odd, so that multiplying by it can be undone; no word looks like its neighbours. */
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private static final long INVERSE = inverse(FACTOR);

  private SelfTelling() {}

  /** Newton's iteration: each step doubles the bits that are right. */
  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 6; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }

  private static long word(int name, int version, long index) {
    long plain = ((long) name << NAME_SHIFT) | ((long) version << VERSION_SHIFT) | index;
    long mixed = plain * FACTOR;
    return mixed ^ (mixed >>> 32);
  }

  private static long plain(long word) {
    return (word ^ (word >>> 32)) * INVERSE;
  }

  static byte[] content(int name, int version, int length) {
    ByteBuffer all =
        ByteBuffer.allocate((length + WORD - 1) / WORD * WORD).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; all.hasRemaining(); i++) {
      all.putLong(word(name, version, i));
    }
    return java.util.Arrays.copyOf(all.array(), length);
  }

  /** The version that the bytes at an offset say they are of; −1 where no word lies whole there. */
  static int version(ByteBuffer data, long offset) {
    int at = (int) (-offset & (WORD - 1));
    return data.remaining() < at + WORD
        ? -1
        : (int) ((plain(wordAt(data, data.position() + at)) >>> VERSION_SHIFT) & VERSION_MASK);
  }

  private static long wordAt(ByteBuffer data, int index) {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(index);
  }

  /** What is wrong with bytes read at an offset; empty when nothing is. */
  static String fault(ByteBuffer data, long offset, int name, int version) {
    ByteBuffer b = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long at = offset;
    while (b.hasRemaining()) {
      long want = word(name, version, at / WORD);
      if (at % WORD == 0 && b.remaining() >= WORD) {
        long found = b.getLong();
        if (found != want) {
          return describe(found, at);
        }
        at += WORD;
      } else {
        if (b.get() != (byte) (want >>> (8 * (int) (at % WORD)))) {
          return "the byte at " + at + " is wrong";
        }
        at++;
      }
    }
    return "";
  }

  private static String describe(long found, long at) {
    long plain = plain(found);
    return "the word at "
        + at
        + (found == 0
            ? " is zero"
            : " says file "
                + (plain >>> NAME_SHIFT)
                + ", version "
                + ((plain >>> VERSION_SHIFT) & VERSION_MASK)
                + ", offset "
                + (plain & ((1L << VERSION_SHIFT) - 1)) * WORD);
  }
}
