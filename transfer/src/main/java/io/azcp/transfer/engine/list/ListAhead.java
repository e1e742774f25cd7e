package io.azcp.transfer.engine.list;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A flat listing over all its pages. It is one stream as long as pages come fast, for then nothing
 * is faster. Where the first item of a page is waited for, what is left is divided (see {@link
 * Division}) and up to {@value #PARALLEL} requests are under way at once; the items are held until
 * it is their turn, so many at most and within the memory of the process, and reach the visitor on
 * the calling thread and in the order of one stream.
 */
public final class ListAhead {
  /** Requests under way at once. */
  private static final int PARALLEL = 24;

  /** Pages that wait for their turn or are asked for at most: some 20 MiB. */
  private static final int PAGES_HELD = 32;

  /** Pages whose first items all take longer are waited for rather than sent or read. */
  private static final long SLOW_NANOS = 50_000_000;

  /** How long it may take until it shows that listing side by side pays. */
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  private static final long POLL_MILLIS = 200;

  private final BlobService service;
  private final String container;
  private final ListQuery query;
  private final LongSupplier clock;
  private final int mostHeld;
  private final long patience;

  // Guarded by this.
  private Step head;
  private int held;
  private int fetchers;

  private final PageStock stock;

  // Of the calling thread: what one stream takes for a name, names taken, and their order.
  private long worth;
  private long taken;
  private boolean inOrder = true;

  private volatile boolean over;

  /**
   * A listing.
   *
   * @param clock nanoseconds, as {@link System#nanoTime}
   * @param patience nanoseconds until it must show that listing side by side pays
   * @param budget what the pages held are reserved in
   */
  ListAhead(
      BlobService service,
      String container,
      ListQuery query,
      LongSupplier clock,
      long patience,
      MemoryBudget budget) {
    this.service = service;
    this.container = container;
    this.query = query;
    this.clock = clock;
    this.patience = patience;
    this.mostHeld = PAGES_HELD * query.maxResults();
    this.stock = new PageStock(budget, query.maxResults());
  }

  /** Every item, page after page. A page with no items may be followed by others. */
  public static void each(
      BlobService service, String container, ListQuery query, ListVisitor visitor)
      throws IOException {
    new ListAhead(
            service, container, query, System::nanoTime, PATIENCE_NANOS, MemoryBudget.ofProcess())
        .each(visitor);
  }

  void each(ListVisitor visitor) throws IOException {
    if (query.hierarchical()) {
      for (String marker = service.list(container, query, visitor); !marker.isEmpty(); ) {
        marker = service.list(container, query.from(marker), visitor);
      }
      return;
    }
    var shape = new PageShape("", visitor, clock);
    String marker = query.marker();
    int pages = 0;
    long quickest = Long.MAX_VALUE;
    do {
      shape.begin();
      long began = clock.getAsLong();
      marker = service.list(container, query.from(marker), shape);
      quickest = Math.min(quickest, clock.getAsLong() - began);
      List<Step> steps =
          marker.isEmpty() ? List.of() : divided(query, query.prefix(), shape, marker, ++pages);
      if (!steps.isEmpty()) {
        worth = quickest / shape.items();
        String reached = sideBySide(steps, shape.last(), visitor);
        if (reached != null) {
          oneStream(marker, reached, visitor);
        }
        return;
      }
    } while (!marker.isEmpty());
  }

  /** The rest from a marker on, but for names up to one, all of which are in order. */
  private void oneStream(String from, String reached, ListVisitor visitor) throws IOException {
    var past = new boolean[1];
    ListVisitor rest =
        (name, blob) -> {
          // It may have been removed meanwhile.
          past[0] |= NameOrder.compare(name, reached) > 0;
          if (past[0]) {
            visitor.blob(name, blob);
          }
          past[0] |= name.equals(reached);
        };
    String marker = from;
    do {
      marker = service.list(container, query.from(marker), rest);
    } while (!marker.isEmpty());
  }

  /** The steps to go on with after a slow page; none where there are none, or it is not asked. */
  private List<Step> divided(
      ListQuery asked, String root, PageShape shape, String marker, int pages) throws IOException {
    boolean powerOfTwo = Integer.bitCount(pages) == 1;
    boolean worthwhile = powerOfTwo && shape.divisible() && shape.shortestWait() > SLOW_NANOS;
    return worthwhile
        ? new Division(service, container, asked, root, clock).after(shape, marker)
        : List.of();
  }

  /**
   * Takes the steps side by side.
   *
   * @param last the last name before them
   * @return null at the end, or the last name taken (empty before the first) where it does not pay:
   *     some services look at every name to find those with a prefix
   */
  private String sideBySide(List<Step> steps, String last, ListVisitor visitor) throws IOException {
    String reached = "";
    Page page = null;
    try {
      synchronized (this) {
        insertAfter(null, steps);
      }
      long waited = 0;
      while (true) {
        long start = clock.getAsLong();
        page = nextPage(page, start - waited);
        waited += clock.getAsLong() - start;
        if (page == null) {
          return finished() ? null : reached;
        }
        page.replay(visitor);
        inOrder = inOrder && page.follows(reached.isEmpty() ? last : reached);
        taken += page.size();
        reached = page.size() == 0 ? reached : page.last();
      }
    } finally {
      synchronized (this) {
        giveUp(page);
      }
    }
  }

  /** No page is wanted any more; who calls holds the lock. */
  private void giveUp(Page replayed) {
    over = true;
    stock.close();
    if (replayed != null) {
      stock.give(replayed);
    }
    for (Step step = head; step != null; step = step.next) {
      step.pages.forEach(stock::give);
    }
    notifyAll();
  }

  /**
   * The page whose turn it is, once it is there; null after the last, or where waiting for it has
   * taken longer than one stream would have.
   *
   * @param since when the waiting began, had all of it been in one piece
   */
  private synchronized Page nextPage(Page replayed, long since) throws IOException {
    if (replayed != null) {
      held -= replayed.size();
      stock.give(replayed);
    }
    notifyAll();
    while (head != null) {
      if (over) {
        throw new AzcpException(Errno.ECANCELED, "the listing was given up");
      }
      Page page = head.pages.poll();
      if (page != null) {
        return page;
      }
      if (head.failure != null) {
        throw head.failure;
      }
      if (head.done) {
        head = head.next;
        notifyAll();
      } else if (inOrder && clock.getAsLong() - since - worth * taken > patience) {
        return null;
      } else {
        pause();
      }
    }
    return null;
  }

  private synchronized boolean finished() {
    return head == null;
  }

  /** Links steps in; who calls holds the lock. */
  private void insertAfter(Step before, List<Step> steps) {
    Step after = before == null ? head : before.next;
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      step.next = after;
      after = step;
      for (Page known : step.pages) {
        held += known.size();
        stock.joined(known);
      }
    }
    if (before == null) {
      head = after;
    } else {
      before.next = after;
    }
    while (fetchers < Math.min(PARALLEL, steps.size())) {
      Thread thread = new Thread(this::fetch, "azcp-list-" + fetchers++);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void fetch() {
    for (Step step = claim(); step != null; step = claim()) {
      try {
        List<Step> found = step.query.hierarchical() ? children(step) : items(step);
        settle(step, found, null);
      } catch (IOException e) {
        settle(step, List.of(), e);
      } catch (RuntimeException | Error e) {
        settle(step, List.of(), new IOException("the listing failed unexpectedly: " + e, e));
      }
    }
  }

  /** The first step that can go on now, for this thread alone; null where there will be none. */
  private synchronized Step claim() {
    while (!over) {
      for (Step step = head; step != null; step = step.next) {
        boolean due = step == head && step.pages.isEmpty();
        if (!due && held + query.maxResults() > mostHeld) {
          break;
        }
        if (!step.busy && !step.done) {
          if (!step.query.hierarchical()) {
            step.filling = stock.take(due);
            if (step.filling == null) {
              break;
            }
          }
          step.busy = true;
          held += query.maxResults();
          return step;
        }
      }
      pause();
    }
    return null;
  }

  private List<Step> children(Step step) throws IOException {
    List<Step> found =
        new Division(service, container, query, query.prefix(), clock).ofChildren(step);
    step.marker = "";
    return found;
  }

  /** Asks for a step's next page; answers the steps that are to follow it. */
  private List<Step> items(Step step) throws IOException {
    Page page = step.filling;
    page.begin(step.within, () -> over);
    step.shape.begin();
    String marker =
        service.list(
            container,
            step.query.from(step.marker),
            (name, blob) -> {
              step.shape.blob(name, blob);
              page.blob(name, blob);
            });
    step.asked++;
    List<Step> rest = List.of();
    if (page.left() || marker.isEmpty()) {
      step.marker = "";
    } else {
      step.marker = marker;
      rest = divided(step.query, step.within, step.shape, marker, step.asked);
    }
    synchronized (this) {
      stock.filled(page);
      step.filling = null;
      step.pages.add(page);
      held += page.size();
    }
    return rest;
  }

  private synchronized void settle(Step step, List<Step> found, IOException failure) {
    held -= query.maxResults();
    if (step.filling != null) {
      stock.give(step.filling);
      step.filling = null;
    }
    step.busy = false;
    step.failure = failure;
    step.done = failure != null || step.marker.isEmpty() || !found.isEmpty();
    insertAfter(step, found);
    notifyAll();
  }

  /** Called in the loop that looks at what is awaited; requests have deadlines of their own. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() {
    try {
      wait(POLL_MILLIS);
    } catch (InterruptedException e) {
      over = true;
      Thread.currentThread().interrupt();
    }
  }
}
