package io.azcp.transfer.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Blobs whose names no path can hold (a part that is empty, a dot, two dots, or over 255 bytes):
 * counted, and reported once. Used by one thread.
 */
final class UnholdableNames {
  private static final int SHOWN = 3;

  private final List<String> first = new ArrayList<>();
  private long count;

  void add(String name) {
    count++;
    if (first.size() < SHOWN) {
      first.add(name);
    }
  }

  /** Says how many there were, and names the first. */
  void report(Consumer<String> warn) {
    if (count == 0) {
      return;
    }
    String more = count > SHOWN ? " and others" : "";
    String noun = count == 1 ? " blob whose name" : " blobs whose names";
    warn.accept(
        "skipped " + count + noun + " no path can hold: " + String.join(", ", first) + more);
  }
}
