package io.azcp.transfer.engine.list;

import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * A part of a listing: what one query tells from a marker on, page after page. Its mutable fields
 * are guarded by the {@link ListAhead} it belongs to, its shape is of who asks for the next page.
 */
final class Step {
  /** What is asked; a hierarchical one finds further steps. */
  final ListQuery query;

  /** Names beyond this prefix end it: others list them. */
  final String within;

  /** Children of the query's prefix that one request can be expected to list. */
  final int childrenAtOnce;

  final PageShape shape;

  final Deque<Page> pages = new ArrayDeque<>();

  /** The page that is asked for; null while none is. */
  Page filling;

  String marker;
  int asked;
  boolean busy;
  boolean done;
  IOException failure;
  Step next;

  private Step(
      ListQuery query,
      String marker,
      String within,
      String last,
      int childrenAtOnce,
      LongSupplier clock) {
    this.query = query;
    this.marker = marker;
    this.within = within;
    this.childrenAtOnce = childrenAtOnce;
    this.shape = new PageShape(last, (name, blob) -> {}, clock);
  }

  /** A flat listing of a prefix. */
  static Step flat(ListQuery query, LongSupplier clock) {
    return new Step(query, "", query.prefix(), "", 0, clock);
  }

  /**
   * What is left of a flat listing.
   *
   * @param last the name before the marker: what follows is to be in order with it
   */
  static Step rest(ListQuery query, String marker, String within, String last, LongSupplier clock) {
    return new Step(query, marker, within, last, 0, clock);
  }

  /** What is left of a listing of the children of a prefix. */
  static Step children(ListQuery query, String marker, int childrenAtOnce, LongSupplier clock) {
    return new Step(query, marker, "", "", childrenAtOnce, clock);
  }

  /** Blobs that are known already. */
  static Step known(ListQuery query, Page page, LongSupplier clock) {
    var step = new Step(query, "", "", "", 0, clock);
    step.pages.add(page);
    step.done = true;
    return step;
  }
}
