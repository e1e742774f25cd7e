package io.azcp.transfer.engine.sync;

import java.io.IOException;

/** Goes through two sorted streams side by side. Holds one entry of each. */
public final class Merge {
  /** Hears, in order of the names, where each name is. */
  public interface Visitor {
    /** Nothing of this name is at the destination. */
    void onlySource(Entry source) throws IOException;

    /** Nothing of this name is at the source. */
    void onlyDestination(Entry destination) throws IOException;

    /** The name is on both sides. */
    void both(Entry source, Entry destination) throws IOException;
  }

  private Merge() {}

  /**
   * Visits every name.
   *
   * @throws OutOfOrderException where a stream is not sorted; what was told until then may be wrong
   */
  public static void visit(EntryStream source, EntryStream destination, Visitor visitor)
      throws IOException {
    var here = new OrderedStream(source);
    var there = new OrderedStream(destination);
    Entry a = here.next();
    Entry b = there.next();
    while (a != null || b != null) {
      int order = order(a, b);
      if (order < 0) {
        visitor.onlySource(a);
      } else if (order > 0) {
        visitor.onlyDestination(b);
      } else {
        visitor.both(a, b);
      }
      a = order <= 0 ? here.next() : a;
      b = order >= 0 ? there.next() : b;
    }
  }

  /** An end comes after every name. */
  private static int order(Entry a, Entry b) {
    if (a == null || b == null) {
      return a == null ? 1 : -1;
    }
    return NameOrder.UTF8.compare(a.name(), b.name());
  }
}
