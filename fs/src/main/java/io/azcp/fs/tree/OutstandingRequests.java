package io.azcp.fs.tree;

import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When the requests under way were sent. A name changed and committed here is remembered until no
 * answer can arrive that was asked for before the commit: so an answer that was delayed brings no
 * removed name back and hides no new one, whichever request it answers. Thread-safe.
 */
final class OutstandingRequests {
  /**
   * A page of a directory handle counts for so long; entries handed out later than that are not to
   * be believed by the kernel.
   */
  static final long PAGE_LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final AtomicLong sequence = new AtomicLong();
  private final ConcurrentSkipListSet<Ticket> tickets = new ConcurrentSkipListSet<>();

  /** One request, from before it is sent until its answer is used up. */
  final class Ticket implements Comparable<Ticket>, AutoCloseable {
    private final long sinceNanos = System.nanoTime();
    private final long number = sequence.incrementAndGet();
    private final long sentNanos;
    private final boolean page;

    Ticket(boolean page, long sentNanos) {
      this.page = page;
      this.sentNanos = sentNanos;
    }

    /** {@link System#nanoTime()} of the request. */
    long sentNanos() {
      return sentNanos;
    }

    /** Whether what it brought may still be told as new. */
    boolean believable() {
      return !page || System.nanoTime() - sinceNanos < PAGE_LIFE_NANOS;
    }

    @Override
    public int compareTo(Ticket other) {
      return Long.compare(number, other.number);
    }

    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(number);
    }

    @Override
    public void close() {
      tickets.remove(this);
    }
  }

  /** A request that ends by itself. */
  Ticket begin() {
    return add(new Ticket(false, System.nanoTime()));
  }

  /** A page held by a directory handle, however long the application keeps that open. */
  Ticket beginPage() {
    return beginPage(System.nanoTime());
  }

  /** The same of an answer from before, that was sent then. */
  Ticket beginPage(long sentNanos) {
    return add(new Ticket(true, sentNanos));
  }

  private Ticket add(Ticket ticket) {
    tickets.add(ticket);
    return ticket;
  }

  /** When the oldest request was sent whose answer still counts, or the given time if earlier. */
  long oldest(long sentNanos) {
    long oldest = sentNanos;
    for (Ticket t : tickets) {
      if (t.believable() && t.sentNanos - oldest < 0) {
        oldest = t.sentNanos;
      }
    }
    return oldest;
  }
}
