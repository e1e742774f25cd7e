package io.azcp.cache;

/**
 * Decides what to fetch for the reads of one open file, from the reads before: nothing but what was
 * asked for where the reader jumps, a window ahead of it where it goes forward.
 *
 * <p>Two streams are told apart. A read goes on with a stream when it begins near its end or within
 * what was fetched ahead of it; readers seldom come in perfect order (the kernel sends parallel
 * requests, formats skip headers and go back a little). The window of a stream begins with {@link
 * #FIRST} and doubles, at most once a window, only when a read has to wait for its bytes: one that
 * finds everything there needs no more. Jumps in between do not end a stream; the two that went
 * forward last are kept.
 *
 * <p>A reader that begins at the end of a file (an index lies there, as in zip and parquet) gets
 * {@link #TAIL}. Random reads in a neighbourhood of which a quarter is there already get the rest
 * of the neighbourhood. Not thread-safe.
 */
final class ReadPlanner {
  /** The first window of a stream. */
  static final long FIRST = 256 << 10;

  /** The longest window. */
  static final long LONGEST = 64 << 20;

  /** What is fetched of the end of a file that is read from there. */
  static final long TAIL = 1 << 20;

  /** What random reads fill up once a quarter of it is there; aligned to its size. */
  static final long NEIGHBOURHOOD = 1 << 20;

  /** How near the end of a file a first read is taken for one of its index. */
  private static final long NEAR_END = 64 << 10;

  /** How far from a stream's end a read still goes on with it: as far as its window, within. */
  private static final long LEAST_SLACK = 128 << 10;

  private static final long MOST_SLACK = 1 << 20;

  private static final int STREAMS = 2;

  private final long length;

  /** The last used first. */
  private final Stream[] streams = new Stream[STREAMS];

  private boolean begun;

  /** A planner for a file of so many bytes. */
  ReadPlanner(long length) {
    this.length = length;
  }

  /**
   * What to fetch besides what is read.
   *
   * @param fetchTo up to where to fetch from the read on, in the same requests
   * @param alsoFrom the beginning of what to fetch in the background
   * @param alsoTo its end; {@code alsoFrom} for nothing
   */
  record Plan(long fetchTo, long alsoFrom, long alsoTo) {
    static Plan upTo(long end) {
      return new Plan(end, end, end);
    }
  }

  /** How much of a range is there already. */
  @FunctionalInterface
  interface Presence {
    long bytes(long from, long to);
  }

  private static final class Stream {
    private long position;
    private long window;
    private long ahead;

    /** From where on the window may grow again. */
    private long growFrom;

    Stream(long position) {
      this.position = position;
      this.ahead = position;
    }

    boolean takes(long offset) {
      long slack = Math.max(LEAST_SLACK, Math.min(MOST_SLACK, window));
      return offset >= position - slack && offset <= Math.max(position, ahead) + slack;
    }

    /** Moves on to the end of a read; answers up to where to fetch. */
    long advance(long end, boolean waits, long longest) {
      if (end <= position) {
        return end;
      }
      position = end;
      if (window == 0) {
        window = FIRST;
        growFrom = end + FIRST;
      } else if (waits && end >= growFrom) {
        growFrom = end + window;
        window *= 2;
      }
      window = Math.min(window, longest);
      if (ahead - end < window / 2) {
        ahead = end + window;
      }
      return Math.max(end, ahead);
    }
  }

  /**
   * A read of {@code [offset, end)}.
   *
   * @param waits whether bytes of it are missing
   * @param longest the longest window allowed now
   * @param presence tells what is there of other ranges
   */
  Plan read(long offset, long end, boolean waits, long longest, Presence presence) {
    boolean first = !begun;
    begun = true;
    Stream stream = streamAt(offset);
    if (stream != null) {
      return Plan.upTo(Math.min(length, stream.advance(end, waits, longest)));
    }
    stream = new Stream(first && offset == 0 ? 0 : end);
    begin(stream);
    if (first && offset == 0) {
      return Plan.upTo(Math.min(length, stream.advance(end, waits, longest)));
    }
    if (first && length - end <= NEAR_END) {
      return new Plan(length, Math.max(0, length - TAIL), offset);
    }
    return waits ? neighbourhood(offset, end, presence) : Plan.upTo(end);
  }

  private Stream streamAt(long offset) {
    for (int i = 0; i < STREAMS; i++) {
      Stream stream = streams[i];
      if (stream != null && stream.takes(offset)) {
        toFront(stream, i);
        return stream;
      }
    }
    return null;
  }

  /** Takes the place of one that never went forward, else of the one not used for longest. */
  private void begin(Stream stream) {
    int place = STREAMS - 1;
    while (place > 0 && streams[place] != null && streams[place].window > 0) {
      place--;
    }
    boolean allGoForward = streams[place] != null && streams[place].window > 0;
    toFront(stream, allGoForward ? STREAMS - 1 : place);
  }

  private void toFront(Stream stream, int from) {
    System.arraycopy(streams, 0, streams, 1, from);
    streams[0] = stream;
  }

  private Plan neighbourhood(long offset, long end, Presence presence) {
    long from = offset - offset % NEIGHBOURHOOD;
    long to = Math.min(length, from + NEIGHBOURHOOD);
    boolean dense = end <= to && presence.bytes(from, to) * 4 >= to - from;
    return dense ? new Plan(end, from, to) : Plan.upTo(end);
  }
}
