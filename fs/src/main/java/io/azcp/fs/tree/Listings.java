package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directories of one volume as the service listed them. A directory is asked for by one request
 * at a time, for which all who need it are parked. One of more than {@link #MAX_NAMES} names is not
 * kept here: its names are asked for one by one, or found in the index. When the service is away,
 * old answers serve. Thread-safe.
 */
final class Listings {
  /** One page of the service: up to here a whole listing costs one request. */
  static final int MAX_NAMES = ListQuery.MAX_PAGE;

  /**
   * Names kept as objects, some 500 bytes each; above it the listings longest unused are left to
   * the index.
   */
  private static final long MAX_KEPT_NAMES = 40_000;

  private final Volume volume;
  private final Map<String, Directory> directories = new ConcurrentHashMap<>();
  private final AtomicLong keptNames = new AtomicLong();
  private final AtomicLong uses = new AtomicLong();
  private final AtomicLong forgotten = new AtomicLong();

  /** One directory; guarded by itself. */
  private static final class Directory {
    Listing listing;
    boolean fetching;
    boolean large;
    long arrivedTicket;
    boolean arrived;
    volatile long lastUse;
    final List<Reply<Listing>> waiters = new ArrayList<>();
  }

  Listings(Volume volume) {
    this.volume = volume;
  }

  /** The listing last known, however old; null for none. */
  Listing known(String directory) {
    Directory d = directories.get(directory);
    if (d != null) {
      synchronized (d) {
        if (d.listing != null || d.large) {
          return d.listing;
        }
      }
    }
    long before = forgotten.get();
    Listing indexed = volume.names().listing(directory);
    return indexed == null || outdated(directory, indexed.ticketNanos())
        ? null
        : taken(directory, indexed, before);
  }

  /** Takes a listing from the index, unless it was forgotten meanwhile. */
  private Listing taken(String directory, Listing indexed, long before) {
    Directory d = directories.computeIfAbsent(directory, k -> new Directory());
    d.lastUse = uses.incrementAndGet();
    Listing now;
    synchronized (d) {
      if (d.listing == null && !d.large && forgotten.get() == before) {
        d.listing = indexed;
        keptNames.addAndGet(indexed.names().size());
      }
      now = d.listing;
    }
    trim();
    return now;
  }

  /** Whether the directory has too many names to be kept. */
  boolean large(String directory) {
    Directory d = directories.get(directory);
    if (d != null) {
      synchronized (d) {
        if (d.listing != null || d.large) {
          return d.large;
        }
      }
    }
    return volume.names().isLarge(directory);
  }

  /** Nanoseconds for which a listing is believed. */
  long fresh(Listing listing) {
    return Math.max(0, listing.askedNanos() + volume.ttlNanos() - volume.now());
  }

  /** The listing, fresh or just asked for; old where the service is away. */
  void get(String directory, Reply<Listing> reply) {
    get(directory, volume.ttlNanos(), reply);
  }

  /** The same, at most so old. */
  void get(String directory, long ageNanos, Reply<Listing> reply) {
    // What the index has is taken over.
    known(directory);
    Directory d = directories.computeIfAbsent(directory, k -> new Directory());
    d.lastUse = uses.incrementAndGet();
    Listing answer = null;
    boolean ask = true;
    boolean start = false;
    synchronized (d) {
      boolean fresh = d.listing != null && d.listing.askedNanos() + ageNanos > volume.now();
      if (!fresh && !d.fetching && volume.outage().away()) {
        ask = volume.outage().probeIsDue();
      }
      if (d.listing != null && (fresh || volume.servesOld())) {
        answer = d.listing;
        start = !fresh && !d.fetching && ask;
      } else {
        d.waiters.add(reply);
        start = !d.fetching;
      }
      d.fetching |= start;
    }
    if (start) {
      start(directory, d, ask);
    }
    if (answer != null) {
      reply.ok(answer);
    }
  }

  private void start(String directory, Directory d, boolean ask) {
    try {
      volume.calls().execute(() -> fetch(directory, d, ask));
    } catch (RuntimeException e) {
      answer(d, null, new AzcpException(Errno.ECANCELED, "the mount is ending", e));
    }
  }

  private void fetch(String directory, Directory d, boolean ask) {
    if (!ask) {
      Listing listing = offline(directory);
      String sentence = volume.describe(directory) + ": the service is away, try again later";
      answer(d, listing, new AzcpException(Errno.EHOSTDOWN, sentence));
      return;
    }
    // From before it is asked for: what is forgotten or changed meanwhile is not kept as if it were
    // new.
    try (NameRecording recording = volume.names().record(directory, false);
        OutstandingRequests.Ticket ticket = volume.outstanding().begin()) {
      Listing listing;
      ListingBuilder builder = new ListingBuilder(volume, directory);
      try {
        listing = ask(builder, directory, ticket.sentNanos());
      } catch (IOException e) {
        failed(directory, d, e);
        return;
      }
      volume.outage().answered();
      arrived(directory, d, listing);
      if (!listing.complete()) {
        // It will be read page by page, and recorded so.
        volume.names().closed(recording);
      }
      answer(d, listing, null);
      if (listing.complete() && !outdated(directory, listing.ticketNanos())) {
        recording.page(listing.ticketNanos(), listing.askedNanos(), builder.items());
        recording.complete(builder.slashMarkerProperties(), false);
        volume.checkLasting(directory);
      }
    } catch (RuntimeException e) {
      answer(d, null, new IOException(volume.describe(directory) + " cannot be listed: " + e, e));
    }
  }

  private Listing ask(ListingBuilder builder, String directory, long ticketNanos)
      throws IOException {
    long asked = volume.now();
    String marker = "";
    do {
      marker = volume.service().list(volume.container(), volume.page(directory, marker), builder);
    } while (!marker.isEmpty() && builder.size() <= volume.listedNames());
    boolean complete = marker.isEmpty() && builder.size() <= volume.listedNames();
    Map<String, Found> names = complete ? builder.finish() : Map.of();
    return new Listing(names, builder.slashMarker(), complete, ticketNanos, asked);
  }

  private void arrived(String directory, Directory d, Listing listing) {
    install(d, listing);
    if (listing.complete()) {
      if (!listing.names().isEmpty()) {
        forgetOlderAbove(directory);
      }
      volume.listingArrived(directory, listing.ticketNanos());
    }
    trim();
  }

  /**
   * A directory that holds names is one: a listing above it that does not have it is older, from
   * before the first of them was committed. Until now the overlay has shown the way.
   */
  private void forgetOlderAbove(String directory) {
    for (String dir = directory; !dir.isEmpty(); dir = Paths.parent(dir)) {
      Listing above = known(Paths.parent(dir));
      if (above != null && above.at(Paths.part(dir)).isAbsent()) {
        forgetOne(Paths.parent(dir));
        volume.probe().forget(dir);
      }
    }
  }

  private void install(Directory d, Listing listing) {
    synchronized (d) {
      int before = d.listing == null ? 0 : d.listing.names().size();
      d.listing = listing.complete() ? listing : null;
      d.large = !listing.complete();
      if (listing.complete()) {
        d.arrived = true;
        d.arrivedTicket = listing.ticketNanos();
      }
      keptNames.addAndGet((listing.complete() ? listing.names().size() : 0) - before);
    }
  }

  private void failed(String directory, Directory d, IOException failure) {
    boolean outage = Outage.means(failure);
    if (outage) {
      volume.outage().failed(failure);
    }
    Listing old = outage && volume.servesOld() ? known(directory) : null;
    answer(d, outage && old == null ? offline(directory) : old, failure);
  }

  /** What the cache folder knows of a directory, where that may stand in for the service. */
  private Listing offline(String directory) {
    if (!volume.servesOld()) {
      return null;
    }
    Listing known = known(directory);
    return known == null ? volume.offlineNames().listing(directory) : known;
  }

  private static void answer(Directory d, Listing listing, IOException failure) {
    List<Reply<Listing>> waiters;
    synchronized (d) {
      d.fetching = false;
      waiters = new ArrayList<>(d.waiters);
      d.waiters.clear();
    }
    Errno errno = listing == null && !waiters.isEmpty() ? Replies.errno(failure) : null;
    for (Reply<Listing> w : waiters) {
      if (listing != null) {
        w.ok(listing);
      } else {
        w.fail(errno);
      }
    }
  }

  /** A directory that was proved to have nothing below it, as one made a moment ago. */
  void installEmpty(String directory, long ticketNanos, long askedNanos) {
    Directory d = directories.computeIfAbsent(directory, k -> new Directory());
    d.lastUse = uses.incrementAndGet();
    synchronized (d) {
      if (d.listing == null && !d.fetching) {
        install(d, Listing.empty(ticketNanos, askedNanos));
      }
    }
  }

  /** A large directory was read page by page to its end, in answers asked for since then. */
  void streamed(String directory, long ticketNanos, boolean large) {
    Directory d = directories.computeIfAbsent(directory, k -> new Directory());
    synchronized (d) {
      d.large &= large;
      if (!d.arrived || ticketNanos - d.arrivedTicket > 0) {
        d.arrivedTicket = ticketNanos;
      }
      d.arrived = true;
    }
    volume.listingArrived(directory, ticketNanos);
  }

  /** Whether an answer asked for then is older than what the overlay was last trimmed by. */
  boolean outdated(String directory, long ticketNanos) {
    Directory d = directories.get(directory);
    if (d == null) {
      return false;
    }
    synchronized (d) {
      return d.arrived && ticketNanos - d.arrivedTicket < 0;
    }
  }

  /** Forgets what is known of a directory and everything below it. */
  void forget(String directory) {
    forgotten.incrementAndGet();
    volume.names().forget(directory);
    String below = directory.isEmpty() ? "" : directory + "/";
    directories.forEach(
        (name, d) -> {
          if (name.equals(directory) || name.startsWith(below)) {
            drop(d);
          }
        });
  }

  /** Forgets what is known of the names directly below a directory. */
  void forgetOne(String directory) {
    forgotten.incrementAndGet();
    volume.names().forgetOne(directory);
    Directory d = directories.get(directory);
    if (d != null) {
      drop(d);
    }
  }

  private void drop(Directory d) {
    synchronized (d) {
      if (d.listing != null) {
        keptNames.addAndGet(-d.listing.names().size());
        d.listing = null;
      }
      d.large = false;
    }
  }

  private void trim() {
    if (keptNames.get() <= MAX_KEPT_NAMES) {
      return;
    }
    List<Map.Entry<String, Directory>> oldest = new ArrayList<>(directories.entrySet());
    oldest.sort(Comparator.comparingLong(e -> e.getValue().lastUse));
    for (Map.Entry<String, Directory> e : oldest) {
      if (keptNames.get() <= MAX_KEPT_NAMES / 2) {
        return;
      }
      drop(e.getValue());
    }
  }
}
