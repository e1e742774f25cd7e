package io.azcp.transfer.engine.list;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * What is remembered of a stream's pages while their items pass: enough to tell whether it is worth
 * listing what follows side by side, and whether that is possible. Used by one thread.
 */
final class PageShape implements ListVisitor {
  private final ListVisitor visitor;
  private final LongSupplier clock;
  private long asked;
  private long shortestWait = Long.MAX_VALUE;
  private int items;
  private String first = "";
  private String last;
  private int lastSlash;
  private boolean inOrder = true;
  private boolean folders;

  /**
   * A shape of pages to come.
   *
   * @param last the name before them, empty at the start
   */
  PageShape(String last, ListVisitor visitor, LongSupplier clock) {
    this.last = last;
    this.visitor = visitor;
    this.clock = clock;
  }

  /** A page is about to be asked for. */
  void begin() {
    asked = clock.getAsLong();
    items = 0;
    first = "";
    lastSlash = -1;
  }

  @Override
  public void blob(String name, BlobProperties properties) throws IOException {
    if (items++ == 0) {
      shortestWait = Math.min(shortestWait, clock.getAsLong() - asked);
      first = name;
    }
    inOrder &= NameOrder.compare(last, name) < 0;
    last = name;
    lastSlash = Math.max(lastSlash, name.lastIndexOf('/'));
    folders |= properties.isFolder();
    visitor.blob(name, properties);
  }

  /** Nanoseconds from the question to the first item, on the page where that was the least. */
  long shortestWait() {
    return shortestWait;
  }

  int items() {
    return items;
  }

  String first() {
    return first;
  }

  String last() {
    return last;
  }

  /** Whether some name of the page lies in a directory below this one, which holds them all. */
  boolean reachesBelow(String directory) {
    return lastSlash >= directory.length();
  }

  /**
   * Whether names can be told apart by prefixes: so far they came in the order of their bytes, and
   * none was a directory. An account with a hierarchical namespace lists directories as blobs, but
   * hides them where it is asked for prefixes.
   */
  boolean divisible() {
    return items > 0 && inOrder && !folders;
  }
}
