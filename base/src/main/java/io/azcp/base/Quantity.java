package io.azcp.base;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A decimal number with a unit, as users type sizes, rates and durations. */
final class Quantity {
  private static final Pattern GRAMMAR =
      Pattern.compile("([0-9]{1,30}(?:\\.[0-9]{1,30})?|\\.[0-9]{1,30})\\s?([A-Za-z/]*)");

  private Quantity() {}

  /**
   * The number times its unit's factor, rounded down to a whole one.
   *
   * @param units factors by lower-case unit; the empty unit is the one of a bare number
   * @param kind what is read, for the message: "a size"
   * @param allowed how to write one, for the message
   * @throws UsageException for anything else, for a value over 2^63 − 1 and for one between 0 and 1
   */
  static long parse(String text, Map<String, BigDecimal> units, String kind, String allowed)
      throws UsageException {
    Matcher m = GRAMMAR.matcher(text.strip());
    BigDecimal factor = m.matches() ? units.get(m.group(2).toLowerCase(Locale.ROOT)) : null;
    if (factor == null) {
      throw new UsageException("'" + text + "' is not " + kind + ": write " + allowed);
    }
    BigDecimal exact = new BigDecimal(m.group(1)).multiply(factor);
    if (exact.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new UsageException("'" + text + "' is too large for " + kind);
    }
    if (exact.signum() > 0 && exact.compareTo(BigDecimal.ONE) < 0) {
      throw new UsageException("'" + text + "' is too small for " + kind);
    }
    return exact.setScale(0, RoundingMode.DOWN).longValueExact();
  }
}
