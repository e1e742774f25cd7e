package io.azcp.bench;

import java.util.Locale;
import java.util.Map;

/**
 * One demand on a row's figures.
 *
 * @param text what is demanded
 * @param test how it is told
 */
record Must(String text, Test test) {
  /** Whether it is met. */
  interface Test {
    boolean met(Row row, Figures ours, Figures curl, Map<String, Figures> others);
  }

  private static final int PER_MILLION = 1_000_000;

  /** Of azcp's CPU time to curl's. */
  static Must cpuOfCurl(double most) {
    return new Must(
        "CPU ≤ " + number(most) + " × curl",
        (row, ours, curl, others) -> ours.cpu() <= most * curl.cpu());
  }

  static Must wallOfCurl(double most) {
    return new Must(
        "wall ≤ " + number(most) + " × curl",
        (row, ours, curl, others) -> ours.wall() <= most * curl.wall());
  }

  static Must cpuPerGiB(double most) {
    return new Must(
        "≤ " + number(most) + " CPU-s/GiB",
        (row, ours, curl, others) -> ours.cpu() / row.count() <= most);
  }

  /** Compares with another row that ran before. */
  static Must cpuPerGiBMoreThan(String base, double most) {
    return new Must(
        "≤ " + base + " + " + number(most) + " CPU-s/GiB",
        (row, ours, curl, others) ->
            others.containsKey(base)
                && (ours.cpu() - others.get(base).cpu()) / row.count() <= most);
  }

  static Must microsPerFile(double most) {
    return new Must(
        "≤ " + number(most) + " µs CPU a file",
        (row, ours, curl, others) -> ours.cpu() * PER_MILLION / row.count() <= most);
  }

  static Must perSecond(int least) {
    return new Must(
        String.format(Locale.ROOT, "≥ %,d/s", least),
        (row, ours, curl, others) -> row.count() / ours.wall() >= least);
  }

  static Must peak(int most) {
    return new Must("RSS ≤ " + most + " MiB", (row, ours, curl, others) -> ours.peak() <= most);
  }

  /** Compares with another row that ran before: memory does not grow. */
  static Must peakAsIn(String base) {
    return new Must(
        "RSS as " + base + " ± 10 %",
        (row, ours, curl, others) ->
            others.containsKey(base) && Math.abs(ours.peak() / others.get(base).peak() - 1) <= 0.1);
  }

  static Must wall(double most) {
    return new Must(
        "≤ " + number(most) + " s wall", (row, ours, curl, others) -> ours.wall() <= most);
  }

  /** Several streams at once beat one, that is the row's reference. */
  static Must timesFaster(int least) {
    return new Must(
        "≥ " + least + " × one stream",
        (row, ours, curl, others) -> curl.wall() >= least * ours.wall());
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
