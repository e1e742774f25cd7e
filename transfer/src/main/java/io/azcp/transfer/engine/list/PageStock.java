package io.azcp.transfer.engine.list;

import io.azcp.base.MemoryBudget;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The pages of one listing that wait for their turn, reserved in the memory of the process. Those
 * that were taken are filled again: as garbage they would make the heap grow. Its owner guards it.
 */
final class PageStock {
  /** What an item takes, before any was seen. */
  private static final long ITEM_BYTES = 160;

  private final MemoryBudget budget;
  private final Deque<Page> spare = new ArrayDeque<>();
  private long pageBytes;
  private boolean closed;

  /**
   * An empty stock.
   *
   * @param items of a page at most
   */
  PageStock(MemoryBudget budget, int items) {
    this.budget = budget;
    this.pageBytes = items * ITEM_BYTES;
  }

  /**
   * A page to fill.
   *
   * @param needed whether nothing goes on without it
   * @return null where there is no memory for one that could also come later
   */
  Page take(boolean needed) {
    Page page = spare.poll();
    if (page != null) {
      return page;
    }
    MemoryBudget.Reservation memory =
        needed ? budget.reserveAnyway(pageBytes) : budget.tryReserveMore(pageBytes);
    if (memory == null) {
      return null;
    }
    page = new Page();
    page.reserved(memory);
    return page;
  }

  /** A page was filled: it is reserved for what it takes, which the next may take too. */
  void filled(Page page) {
    if (closed) {
      page.release();
    } else {
      pageBytes = page.bytes();
      page.reserved(budget.reserveAnyway(pageBytes));
    }
  }

  /** A page was made elsewhere, of what was known already. */
  void joined(Page page) {
    if (!closed) {
      page.reserved(budget.reserveAnyway(page.bytes()));
    }
  }

  /** Takes one back. */
  void give(Page page) {
    if (closed) {
      page.release();
    } else {
      spare.push(page);
    }
  }

  /** No page is wanted any more; those still out are released when they come back. */
  void close() {
    closed = true;
    spare.forEach(Page::release);
    spare.clear();
  }
}
