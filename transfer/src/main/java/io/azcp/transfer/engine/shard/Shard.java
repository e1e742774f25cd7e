package io.azcp.transfer.engine.shard;

import io.azcp.base.UsageException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several equal parts of a transfer.
 *
 * @param index which, from 0
 * @param count how many there are
 */
public record Shard(int index, int count) {
  /** Everything. */
  public static final Shard WHOLE = new Shard(0, 1);

  private static final Pattern GRAMMAR = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  /** Refuses a part that there is not. */
  public Shard {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException(outside(index, count));
    }
  }

  /**
   * Reads {@code I/N}.
   *
   * @throws UsageException as {@code shard index 4 must be < count 4}
   */
  public static Shard parse(String text) throws UsageException {
    Matcher m = GRAMMAR.matcher(text);
    if (!m.matches()) {
      throw new UsageException("'" + text + "' is not a shard: write I/N, as 0/4");
    }
    int index = Integer.parseInt(m.group(1));
    int count = Integer.parseInt(m.group(2));
    if (index >= count) {
      throw new UsageException(outside(index, count));
    }
    return new Shard(index, count);
  }

  private static String outside(int index, int count) {
    return "shard index " + index + " must be < count " + count;
  }

  /** Whether it is all there is. */
  public boolean isWhole() {
    return count == 1;
  }

  /**
   * The bins of a run with so many workers: worker {@code i} of shard {@code X/N} owns bin {@code
   * X·W+i} of {@code N·W}.
   */
  public Bins bins(int workers) {
    return new Bins(index * workers, workers, Math.multiplyExact(count, workers));
  }

  /**
   * Neighbouring bins of all there are.
   *
   * @param first the first one's number
   * @param own how many
   * @param count of all bins
   */
  public record Bins(int first, int own, int count) {
    /** Whether a bin is one of them. */
    public boolean own(int bin) {
      return bin >= first && bin < first + own;
    }
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
