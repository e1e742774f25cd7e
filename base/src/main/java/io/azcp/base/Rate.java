package io.azcp.base;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.Map;

/**
 * A throughput, as options give it: {@code 50Gbps} (bits), {@code 1GB/s}, {@code 500MiB/s}; a bare
 * number is bytes a second.
 *
 * @param bytesPerSecond at least 1
 */
public record Rate(long bytesPerSecond) {
  /** How to write a rate, for messages and the documentation. */
  public static final String ALLOWED =
      "bytes a second, or a number with Kbps Mbps Gbps Tbps (bits), KB/s MB/s GB/s TB/s, or KiB/s"
          + " MiB/s GiB/s TiB/s";

  private static final Map<String, BigDecimal> UNITS = units();

  /** Refuses rates below one byte a second, which would never move anything. */
  public Rate {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("rate below 1 byte/s: " + bytesPerSecond);
    }
  }

  /**
   * Reads a rate in any case; {@code /s} may be left out.
   *
   * @throws UsageException for another unit, a negative number, or less than one byte a second
   */
  public static Rate parse(String text) throws UsageException {
    long value = Quantity.parse(text, UNITS, "a rate", ALLOWED);
    if (value < 1) {
      throw new UsageException("'" + text + "' is too small for a rate: give at least 1 byte/s");
    }
    return new Rate(value);
  }

  /** A text that {@link #parse} reads back as the same rate. */
  @Override
  public String toString() {
    return new ByteSize(bytesPerSecond) + "/s";
  }

  private static Map<String, BigDecimal> units() {
    Map<String, BigDecimal> units = new HashMap<>();
    BigDecimal eight = BigDecimal.valueOf(8);
    String[] prefixes = {"", "k", "m", "g", "t"};
    for (int power = 0; power < prefixes.length; power++) {
      String p = prefixes[power];
      put(units, p + "bps", ByteSize.decimal(power).divide(eight, MathContext.UNLIMITED));
      put(units, p + "b", ByteSize.decimal(power));
      if (power > 0) {
        put(units, p + "ib", ByteSize.binary(power));
      }
    }
    put(units, "", BigDecimal.ONE);
    return Map.copyOf(units);
  }

  private static void put(Map<String, BigDecimal> units, String unit, BigDecimal factor) {
    units.put(unit, factor);
    if (!unit.endsWith("bps")) {
      units.put(unit + "/s", factor);
    }
  }
}
