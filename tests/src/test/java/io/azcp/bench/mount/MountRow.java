package io.azcp.bench.mount;

import java.io.IOException;
import java.util.List;

/**
 * One line of the table.
 *
 * @param id by which it is chosen
 * @param work what is done, for people
 * @param measure does it once, from an empty cache
 * @param demands on its figures
 */
record MountRow(String id, String work, Measure measure, List<Demand> demands) {
  /** Does the work once and answers what it measured. */
  @FunctionalInterface
  interface Measure {
    Outcome run(Stage stage) throws IOException;
  }

  static MountRow of(String id, String work, Measure measure, Demand... demands) {
    return new MountRow(id, work, measure, List.of(demands));
  }
}
