package io.azcp.fs.tree;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.ListVisitor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A directory read page by page, one time from its start to its end, without keeping what was read.
 * The service lists blob {@code a} before {@code a!} before what lies below {@code a/}: a blob is
 * held back until no directory of its name can come any more. Used by one thread at a time.
 */
final class DirectoryStream {
  private final Volume volume;
  private final String directory;
  private final Map<String, Found> localLeft;
  private final Deque<Child> heldBack = new ArrayDeque<>();
  private OutstandingRequests.Ticket ticket;
  private long firstTicketNanos;
  private String marker = "";
  private boolean ended;
  private long names;

  /** A name and what was found there. */
  record Child(String part, Found found) {}

  DirectoryStream(Volume volume, String directory) {
    this.volume = volume;
    this.directory = directory;
    this.localLeft = new LinkedHashMap<>(volume.finder().local(directory));
  }

  boolean ended() {
    return ended;
  }

  /** Whether the newest page may still be told as new. */
  boolean believable() {
    return ticket != null && ticket.believable();
  }

  /** The next names, at least one unless it ended. Waits for the service. */
  List<Child> next() throws IOException {
    List<Child> out = new ArrayList<>();
    while (out.isEmpty() && !ended) {
      OutstandingRequests.Ticket before = ticket;
      ticket = volume.outstanding().beginPage();
      if (before == null) {
        firstTicketNanos = ticket.sentNanos();
      } else {
        before.close();
      }
      page(out);
    }
    return out;
  }

  private void page(List<Child> out) throws IOException {
    ListingBuilder page = new ListingBuilder(volume, directory);
    List<Child> items = new ArrayList<>();
    List<StreamedNames.Item> told = new ArrayList<>();
    long asked = volume.now();
    marker =
        volume
            .service()
            .list(volume.container(), volume.page(directory, marker), inOrder(page, items, told));
    page.finish();
    volume.streamedNames().add(directory, ticket.sentNanos(), asked, told);
    items.forEach(item -> take(item, out));
    ended = marker.isEmpty();
    if (ended) {
      heldBack.descendingIterator().forEachRemaining(c -> emit(c, out));
      heldBack.clear();
      localLeft.forEach((part, found) -> out.add(new Child(part, found)));
      volume.listings().streamed(directory, firstTicketNanos, names > volume.listedNames());
    }
  }

  /** The page's items in the service's order; a directory's part ends in a slash. */
  private ListVisitor inOrder(
      ListingBuilder page, List<Child> items, List<StreamedNames.Item> told) {
    int start = volume.listPrefix(directory).length();
    return new ListVisitor() {
      @Override
      public void blob(String name, BlobProperties properties) {
        page.blob(name, properties);
        String part = name.substring(start);
        if (Paths.fits(part)) {
          items.add(new Child(part, volume.found(Paths.join(directory, part), properties)));
          told.add(new StreamedNames.Item(part, properties));
        }
      }

      @Override
      public void prefix(String name) {
        page.prefix(name);
        String part = name.substring(start, name.length() - 1);
        if (Paths.fits(part)) {
          items.add(new Child(part + "/", volume.impliedDirectory()));
          told.add(new StreamedNames.Item(part, null));
        }
      }
    };
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
  }
}
