package io.azcp.transfer.engine.sync;

import io.azcp.base.UsageException;
import java.math.BigDecimal;

/**
 * How many files a sync may remove ({@code --max-delete}).
 *
 * @param text as it was given
 * @param limit a number of files, or a share of the destination's in percent
 * @param percent whether it is a share
 */
public record MaxDelete(String text, BigDecimal limit, boolean percent) {
  /** No limit. */
  public static final MaxDelete NONE = new MaxDelete("", BigDecimal.valueOf(100), true);

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Reads {@code N} or {@code P%}. */
  public static MaxDelete parse(String text) throws UsageException {
    boolean percent = text.endsWith("%");
    String number = percent ? text.substring(0, text.length() - 1) : text;
    boolean understood = number.matches(percent ? "\\d{1,3}(\\.\\d{1,9})?" : "\\d{1,18}");
    if (understood) {
      var limit = new BigDecimal(number);
      if (!percent || limit.compareTo(HUNDRED) <= 0) {
        return new MaxDelete(text, limit, percent);
      }
    }
    throw new UsageException(
        "--max-delete is a number of files or a share as 10%, not '" + text + "'");
  }

  /**
   * Whether so many deletions are within the limit.
   *
   * @param files how many files the destination has
   */
  public boolean allows(long deletions, long files) {
    BigDecimal count = BigDecimal.valueOf(deletions);
    return percent
        ? count.multiply(HUNDRED).compareTo(limit.multiply(BigDecimal.valueOf(files))) <= 0
        : count.compareTo(limit) <= 0;
  }

  /** Whether the user gave one. */
  public boolean isGiven() {
    return !text.isEmpty();
  }
}
