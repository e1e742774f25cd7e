package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory read page by page, one time from its start to its end: in the index as long as that
 * is believed, else from the service, and into the index. The service lists blob {@code a} before
 * {@code a!} before what lies below {@code a/}: a blob is held back until no directory of its name
 * can come any more. Used by one thread at a time.
 */
final class DirectoryStream {
  /** Blocks of the index that are read at a time. */
  private static final int KNOWN_BLOCKS = 16;

  private final Volume volume;
  private final String directory;
  private final Map<String, Found> localLeft;
  private final Deque<Child> heldBack = new ArrayDeque<>();
  private OutstandingRequests.Ticket ticket;
  private long firstTicketNanos;
  private String marker = "";
  private boolean ended;
  private long names;
  private long askedNanos;
  private BlobProperties slashMarker;

  /** The names as they are recorded for the index; null as long as the service was not asked. */
  private NameRecording recording;

  /** What the index has, where that is read; and how much of it was read. */
  private ListingHead known;

  private int knownBlocks;

  /** The last of what was read in the index. */
  private String lastKey = "";

  /** A name and what was found there. */
  record Child(String part, Found found) {}

  DirectoryStream(Volume volume, String directory) {
    this.volume = volume;
    this.directory = directory;
    this.localLeft = new LinkedHashMap<>(volume.finder().local(directory));
    takeKnown();
  }

  boolean ended() {
    return ended;
  }

  /** Nanoseconds for which the newest page may be told as new. */
  long freshNanos() {
    return ticket != null && ticket.believable()
        ? Math.max(0, askedNanos + volume.ttlNanos() - volume.now())
        : 0;
  }

  /** The next names, at least one unless it ended. Waits for the service. */
  List<Child> next() throws IOException {
    List<Child> out = new ArrayList<>();
    while (out.isEmpty() && !ended) {
      if (known != null) {
        knownPage(out);
      } else {
        askedPage(out);
      }
    }
    return out;
  }

  /** What the index has of the directory, where that may serve; null otherwise. */
  private ListingHead believable() {
    ListingHead head = volume.names().large(directory);
    boolean usable =
        head != null
            && !volume.listings().outdated(directory, volume.names().ticket(head.when()))
            && (volume.servesOld()
                || volume.names().asked(head.when()) + volume.ttlNanos() > volume.now());
    return usable ? head : null;
  }

  /**
   * Begins with what the index has, under a ticket as old as that: what was changed since stays in
   * the overlay meanwhile.
   */
  private void takeKnown() {
    ListingHead head = believable();
    if (head != null) {
      turn(volume.outstanding().beginPage(volume.names().ticket(head.when())));
      // A newer listing may have come before the ticket, and the overlay be trimmed by it.
      known = head.equals(believable()) ? head : null;
      askedNanos = volume.names().asked(head.when());
    }
  }

  private void turn(OutstandingRequests.Ticket next) {
    if (ticket != null) {
      ticket.close();
    }
    ticket = next;
  }

  private void knownPage(List<Child> out) {
    int end = Math.min(known.blocks(), knownBlocks + KNOWN_BLOCKS);
    for (; knownBlocks < end; knownBlocks++) {
      NameBlockReader block = volume.names().block(directory, known, knownBlocks);
      if (block == null) {
        // Dropped meanwhile: the service tells the rest.
        known = null;
        return;
      }
      for (ListedItem item : block.items()) {
        take(child(item), out);
        lastKey = item.key();
      }
    }
    if (end == known.blocks()) {
      end(out);
    }
  }

  private Child child(ListedItem item) {
    Found found =
        item.isDirectory()
            ? volume.impliedDirectory()
            : volume.found(Paths.join(directory, item.key()), item.properties());
    return new Child(item.key(), found);
  }

  private void askedPage(List<Child> out) throws IOException {
    boolean first = recording == null;
    if (first) {
      recording = volume.names().record(directory, true);
    }
    turn(volume.outstanding().beginPage());
    if (first) {
      firstTicketNanos = ticket.sentNanos();
    }
    askedNanos = volume.now();
    ListingBuilder page = new ListingBuilder(volume, directory);
    try {
      marker = volume.service().list(volume.container(), volume.page(directory, marker), page);
    } catch (IOException e) {
      if (first && lastKey.isEmpty() && Outage.means(e)) {
        volume.outage().failed(e);
        takeKnown();
      }
      if (known == null) {
        throw e;
      }
      return;
    }
    page.finish();
    if (page.slashMarkerProperties() != null) {
      slashMarker = page.slashMarkerProperties();
    }
    recording.page(ticket.sentNanos(), askedNanos, page.items());
    for (ListedItem item : page.items()) {
      if (item.key().compareTo(lastKey) > 0 || lastKey.isEmpty()) {
        take(child(item), out);
      }
    }
    if (marker.isEmpty()) {
      end(out);
      boolean large = names > volume.listedNames();
      if (volume.listings().outdated(directory, firstTicketNanos)) {
        // A newer listing has taken names from the overlay that this one does not have.
        recording.changed();
      }
      volume.listings().streamed(directory, firstTicketNanos, large);
      recording.complete(slashMarker, large);
      volume.checkLasting(directory);
    }
  }

  private void end(List<Child> out) {
    ended = true;
    heldBack.descendingIterator().forEachRemaining(c -> emit(c, out));
    heldBack.clear();
    localLeft.forEach((part, found) -> out.add(new Child(part, found)));
  }

  private void take(Child item, List<Child> out) {
    boolean prefix = item.part().endsWith("/");
    String key = item.part();
    while (!heldBack.isEmpty() && !mayBecomeDirectory(heldBack.peek().part(), key)) {
      emit(heldBack.pop(), out);
    }
    if (!prefix) {
      heldBack.push(item);
      return;
    }
    Child directoryHere = new Child(key.substring(0, key.length() - 1), item.found());
    Child same = heldBack.peek();
    if (same != null && same.part().equals(directoryHere.part())) {
      heldBack.pop();
      emit(same.found().isDirectory() ? same : directoryHere, out);
    } else {
      emit(directoryHere, out);
    }
  }

  /** Whether a directory of the held name can still come at or after this item. */
  private static boolean mayBecomeDirectory(String held, String key) {
    return key.startsWith(held) && key.length() > held.length() && key.charAt(held.length()) <= '/';
  }

  private void emit(Child child, List<Child> out) {
    names++;
    String part = child.part();
    localLeft.remove(part);
    Known known = volume.finder().peekOverlay(Paths.join(directory, part));
    Found found = known == null ? child.found() : known.found();
    if (!found.isAbsent()) {
      out.add(new Child(part, found));
    }
  }

  void close() {
    if (ticket != null) {
      ticket.close();
    }
    if (recording != null) {
      recording.close();
    }
  }
}
