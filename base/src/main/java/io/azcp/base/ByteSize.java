package io.azcp.base;

import java.math.BigDecimal;
import java.util.Map;

/**
 * A number of bytes, as options and configuration files give it: {@code 4MiB}, {@code 1.5GB},
 * {@code 512Ki}, {@code 1048576}.
 *
 * @param bytes the number, not negative
 */
public record ByteSize(long bytes) {
  /** How to write a size, for messages and the documentation. */
  public static final String ALLOWED =
      "bytes, or a number with KB MB GB TB (powers of 1000) or KiB MiB GiB TiB (powers of 1024)";

  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};

  /** Refuses negative numbers. */
  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative size " + bytes);
    }
  }

  /**
   * Reads a size in any case, with decimals; a fraction of a byte is dropped.
   *
   * @throws UsageException for an empty text, another unit, a negative number or one over 2^63 − 1
   */
  public static ByteSize parse(String text) throws UsageException {
    return new ByteSize(Quantity.parse(text, Units.FACTORS, "a size", ALLOWED));
  }

  /** The shortest text that {@link #parse} reads back as the same number. */
  @Override
  public String toString() {
    int unit = 0;
    long value = bytes;
    while (value != 0 && unit < BINARY.length - 1 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? Long.toString(value) : value + BINARY[unit];
  }

  static BigDecimal decimal(int power) {
    return BigDecimal.TEN.pow(3 * power);
  }

  static BigDecimal binary(int power) {
    return BigDecimal.valueOf(1L << (10 * power));
  }

  /** Loaded where a size is read: to start BigDecimal costs 5 ms. */
  private static final class Units {
    static final Map<String, BigDecimal> FACTORS =
        Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("b", BigDecimal.ONE),
            Map.entry("kb", decimal(1)),
            Map.entry("mb", decimal(2)),
            Map.entry("gb", decimal(3)),
            Map.entry("tb", decimal(4)),
            Map.entry("kib", binary(1)),
            Map.entry("mib", binary(2)),
            Map.entry("gib", binary(3)),
            Map.entry("tib", binary(4)),
            Map.entry("ki", binary(1)),
            Map.entry("mi", binary(2)),
            Map.entry("gi", binary(3)),
            Map.entry("ti", binary(4)));
  }
}
