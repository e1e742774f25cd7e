package io.azcp.bench.mount;

/**
 * What is demanded of a figure.
 *
 * @param figure its name
 * @param limit the least or the most it may be
 * @param least whether the limit is the least
 */
record Demand(String figure, double limit, boolean least) {
  static Demand least(String figure, double limit) {
    return new Demand(figure, limit, true);
  }

  static Demand most(String figure, double limit) {
    return new Demand(figure, limit, false);
  }

  boolean met(Outcome outcome) {
    double value = outcome.get(figure);
    return least ? value >= limit : value <= limit;
  }

  @Override
  public String toString() {
    return (least ? "≥ " : "≤ ") + Outcome.text(limit) + " " + figure;
  }
}
