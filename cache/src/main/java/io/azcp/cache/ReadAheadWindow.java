package io.azcp.cache;

/**
 * Decides how far ahead of one reader to fetch. A reader that goes forward gets a window that
 * starts at 1 MiB and doubles with each step up to 64 MiB; one that jumps gets nothing but what it
 * asked for, until it goes forward again. Readers seldom come in perfect order (the kernel sends
 * parallel requests, formats skip headers), so a read within {@link #SLACK} of the last one or
 * anywhere in the part fetched ahead goes on. Going back over a part already fetched leaves the
 * window as it is. Not thread-safe.
 */
final class ReadAheadWindow {
  private static final long FIRST = 1 << 20;
  private static final long LARGEST = 64 << 20;

  /** How far a read may lie from where the last one ended and still count as going forward. */
  private static final long SLACK = 1 << 20;

  private long window;
  private long expected;
  private long aheadEnd;

  /**
   * A read of {@code [offset, offset + length)}.
   *
   * @return where to fetch up to; {@code offset + length} for nothing ahead
   */
  long read(long offset, long length) {
    long end = offset + length;
    boolean forward = offset >= expected - SLACK && offset <= Math.max(expected, aheadEnd) + SLACK;
    if (!forward && offset < expected && window > 0) {
      return end;
    }
    if (!forward) {
      window = 0;
      expected = end;
      aheadEnd = end;
      return end;
    }
    if (end <= expected) {
      return end;
    }
    expected = end;
    if (aheadEnd - end > window / 2) {
      return end;
    }
    window = window == 0 ? FIRST : Math.min(LARGEST, window * 2);
    aheadEnd = end + window;
    return aheadEnd;
  }
}
