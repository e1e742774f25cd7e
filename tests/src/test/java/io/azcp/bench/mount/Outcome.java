package io.azcp.bench.mount;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one run of a row gave: figures by their units, in the order in which they are shown. */
final class Outcome {
  private final Map<String, Double> figures = new LinkedHashMap<>();

  /** Adds a figure; its name tells the unit, as {@code MiB/s}. */
  Outcome with(String name, double value) {
    figures.put(name, value);
    return this;
  }

  /** A figure; NaN where it was not measured, which meets no demand. */
  double get(String name) {
    return figures.getOrDefault(name, Double.NaN);
  }

  Map<String, Double> figures() {
    return figures;
  }

  /** All figures in one line. */
  @Override
  public String toString() {
    return figures.entrySet().stream()
        .map(figure -> text(figure.getValue()) + " " + figure.getKey())
        .collect(Collectors.joining(", "));
  }

  static String text(double value) {
    String format = value >= 100 || value == Math.rint(value) ? "%,.0f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
