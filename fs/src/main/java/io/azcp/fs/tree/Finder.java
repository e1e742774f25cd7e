package io.azcp.fs.tree;

import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies at the names of one volume: the service's listing under what was changed here. The
 * overlay is always looked at before the listing, because a listing is installed before the overlay
 * is trimmed by it. Thread-safe.
 */
final class Finder {
  private static final Logger LOG = LoggerFactory.getLogger(Finder.class);

  private final Volume volume;

  /**
   * Directories on the way to names made here, by the directory that holds them: until the uploads
   * are through the service does not list them.
   */
  private final Map<String, Set<String>> onTheWay = new ConcurrentHashMap<>();

  Finder(Volume volume) {
    this.volume = volume;
    for (String directory : volume.writeback().overlayDirectories()) {
      made(Paths.join(directory, ""));
    }
  }

  /** Tells that a name was made here. */
  synchronized void made(String name) {
    for (String dir = Paths.parent(name); !dir.isEmpty(); dir = Paths.parent(dir)) {
      Set<String> parts =
          onTheWay.computeIfAbsent(Paths.parent(dir), k -> ConcurrentHashMap.newKeySet());
      if (!parts.add(Paths.part(dir))) {
        return;
      }
    }
  }

  /** What lies at a name, asking the service where needed. */
  void find(String directory, String part, Reply<Known> reply) {
    String name = Paths.join(directory, part);
    Known here = here(directory, part);
    if (here != null && here.freshNanos() > 0) {
      reply.ok(here);
      return;
    }
    Reply<Known> unlessAway = here == null ? reply : orOld(here, reply);
    if (volume.listings().large(directory)) {
      probe(name, unlessAway);
    } else {
      volume
          .listings()
          .get(directory, Replies.then(unlessAway, l -> answer(l, directory, part, unlessAway)));
    }
  }

  /** What is known here answers where the service is away. */
  private Reply<Known> orOld(Known here, Reply<Known> reply) {
    return new Reply<>() {
      @Override
      public void ok(Known value) {
        reply.ok(value);
      }

      @Override
      public void fail(Errno errno) {
        if (volume.servesOld()) {
          reply.ok(here);
        } else {
          reply.fail(errno);
        }
      }
    };
  }

  /** Answers from a listing that has arrived; what is absent there is believed for less long. */
  private void answer(Listing listing, String directory, String part, Reply<Known> reply) {
    Listing known = volume.listings().known(directory);
    Listing newest = known == null ? listing : known;
    Known answer = told(newest, directory, part);
    if (answer == null) {
      probe(Paths.join(directory, part), reply);
    } else if (answer.found().isAbsent()
        && answer.freshNanos() == 0
        && volume.listings().fresh(newest) > 0
        && !volume.servesOld()) {
      volume
          .listings()
          .get(
              directory,
              volume.absentTtlNanos(),
              Replies.then(reply, l -> answerAgain(l, directory, part, reply)));
    } else {
      reply.ok(answer);
    }
  }

  private void answerAgain(Listing listing, String directory, String part, Reply<Known> reply) {
    Known answer = told(listing, directory, part);
    if (answer == null) {
      probe(Paths.join(directory, part), reply);
    } else {
      reply.ok(answer);
    }
  }

  /** What a listing and all that is newer tell of a name; null where it must be asked for alone. */
  private Known told(Listing listing, String directory, String part) {
    String name = Paths.join(directory, part);
    Known here = here(directory, part);
    if (here != null) {
      return here;
    }
    Known service = listing.complete() ? at(listing, directory, part) : null;
    return service == null ? null : merged(name, service);
  }

  private void probe(String name, Reply<Known> reply) {
    volume.probe().find(name, Replies.then(reply, k -> reply.ok(merged(name, k))));
  }

  /** What a listing tells, or a later answer; null where that is too old. */
  private Known at(Listing listing, String directory, String part) {
    NameProbe.Answer newer =
        volume.probe().newer(Paths.join(directory, part), listing.ticketNanos());
    if (newer != null) {
      Known known = volume.probe().known(newer);
      return known.freshNanos() > 0 || volume.servesOld() ? known : null;
    }
    Found found = listing.at(part);
    long fresh = volume.listings().fresh(listing);
    long lessNanos = found.isAbsent() ? volume.ttlNanos() - volume.absentTtlNanos() : 0;
    return new Known(found, Math.max(0, fresh - lessNanos));
  }

  /** What lies at a name as far as it is known without asking; null for not known. */
  Known peek(String directory, String part) {
    Known here = here(directory, part);
    if (here != null) {
      return here;
    }
    Known service = service(directory, part);
    return service == null ? null : merged(Paths.join(directory, part), service);
  }

  /** What the service said last; null for nothing. */
  private Known service(String directory, String part) {
    Listing listing = volume.listings().known(directory);
    return listing == null
        ? volume.probe().peek(Paths.join(directory, part))
        : at(listing, directory, part);
  }

  /** What is known without the service: changed here, or whole in a cache that is believed. */
  private Known here(String directory, String part) {
    String name = Paths.join(directory, part);
    Known overlaid = overlaid(name);
    return overlaid == null && volume.consistency() == Consistency.CACHED
        ? cached(directory, part)
        : overlaid;
  }

  /**
   * What the cache folder has whole. It tells neither permissions nor links: those come from the
   * service's last word where that is about the same content.
   */
  private Known cached(String directory, String part) {
    String name = Paths.join(directory, part);
    try {
      Optional<BlobVersion> whole = volume.cache().wholeVersion(name);
      if (whole.isEmpty() && !volume.cache().holdsBelow(name)) {
        return null;
      }
      Known service = service(directory, part);
      Found said = service == null ? Found.Absent.NOTHING : service.found();
      return new Known(
          whole.isPresent() ? file(name, whole.get(), said) : folder(said), volume.ttlNanos());
    } catch (IOException e) {
      LOG.warn("{} is not looked for in the cache: {}", name, e.getMessage());
      return null;
    }
  }

  private Found file(String name, BlobVersion whole, Found said) {
    boolean same = said instanceof Found.Remote r && r.file().version().sameContent(whole);
    return same ? said : volume.offlineNames().file(name, whole);
  }

  private Found folder(Found said) {
    return said.isDirectory() ? said : volume.impliedDirectory();
  }

  /** What was changed here at a name; null where the service's word holds. */
  Known peekOverlay(String name) {
    return overlaid(name);
  }

  private Known merged(String name, Known service) {
    Known overlaid = overlaid(name);
    if (overlaid != null) {
      return overlaid;
    }
    boolean below = service.found().isAbsent() && isOnTheWay(name);
    return below ? new Known(volume.impliedDirectory(), service.freshNanos()) : service;
  }

  /**
   * What the overlay says of a name; null for nothing. What is pending is the truth. What was
   * committed is as old as that: later answers know better, and in time the service is asked again.
   */
  private Known overlaid(String name) {
    Optional<OverlayEntry> entry = volume.writeback().overlay(name);
    if (entry.isEmpty()) {
      return null;
    }
    Found found = found(name, entry.get());
    OptionalLong since = volume.writeback().settledSince(name);
    if (since.isEmpty()) {
      return new Known(found, found.isAbsent() ? volume.absentTtlNanos() : volume.ttlNanos());
    }
    NameProbe.Answer newer = volume.probe().newer(name, since.getAsLong());
    if (newer != null) {
      Known known = volume.probe().known(newer);
      Found now = committedHere(found, known.found());
      boolean below = now.isAbsent() && isOnTheWay(name);
      return new Known(below ? volume.impliedDirectory() : now, known.freshNanos());
    }
    long fresh = settledFresh(Paths.parent(name), since.getAsLong());
    return new Known(found, found.isAbsent() ? Math.min(fresh, volume.absentTtlNanos()) : fresh);
  }

  /**
   * The listing before the commit sets the time for the whole directory; else the commit itself.
   */
  private long settledFresh(String directory, long sinceNanos) {
    Listing listing = volume.listings().known(directory);
    return listing == null
        ? Math.max(0, sinceNanos + volume.ttlNanos() - System.nanoTime())
        : volume.listings().fresh(listing);
  }

  /** What the service has now; where that is what was committed here, it stays the same node. */
  private static Found committedHere(Found committed, Found now) {
    boolean same =
        committed instanceof Found.Remote c
            && now instanceof Found.Remote n
            && c.file().version().sameContent(n.file().version());
    return same
        ? new Found.Remote(((Found.Remote) now).file(), ((Found.Remote) committed).fileId())
        : now;
  }

  private Found found(String name, OverlayEntry entry) {
    if (entry instanceof OverlayEntry.Local l) {
      return new Found.Local(l.file());
    }
    if (entry instanceof OverlayEntry.Remote r) {
      return new Found.Remote(r.file(), r.fileId());
    }
    if (entry instanceof OverlayEntry.Directory d) {
      return new Found.Directory(d.attributes(), marker(name));
    }
    return isOnTheWay(name) ? volume.impliedDirectory() : Found.Absent.NOTHING;
  }

  private RemoteFile marker(String name) {
    Listing listing = volume.listings().known(Paths.parent(name));
    boolean listed =
        listing != null
            && listing.at(Paths.part(name)) instanceof Found.Directory d
            && d.marker() != null;
    return listed ? ((Found.Directory) listing.at(Paths.part(name))).marker() : null;
  }

  /** Everything directly below a directory: a listing under what was changed here. */
  Map<String, Found> children(String directory, Listing listing) {
    Map<String, OverlayEntry> overlay = volume.writeback().overlayChildren(directory);
    Listing newest = volume.listings().known(directory);
    return merged(directory, overlay, (newest == null ? listing : newest).names());
  }

  /** Names made here directly below a directory, whether or not the service lists them by now. */
  Map<String, Found> local(String directory) {
    return merged(directory, volume.writeback().overlayChildren(directory), Map.of());
  }

  private Map<String, Found> merged(
      String directory, Map<String, OverlayEntry> overlay, Map<String, Found> listed) {
    Map<String, Found> merged = new LinkedHashMap<>(listed);
    overlay.forEach((part, e) -> merged.put(part, found(Paths.join(directory, part), e)));
    for (String part : onTheWay.getOrDefault(directory, Set.of())) {
      if (merged.getOrDefault(part, Found.Absent.NOTHING).isAbsent()
          && isOnTheWay(Paths.join(directory, part))) {
        merged.put(part, volume.impliedDirectory());
      }
    }
    merged.remove("");
    merged.values().removeIf(Found::isAbsent);
    return merged;
  }

  /** Whether anything lies below a directory, as far as that listing and the overlay tell. */
  boolean hasChildren(String directory, Listing listing) {
    Map<String, OverlayEntry> overlay = volume.writeback().overlayChildren(directory);
    for (Map.Entry<String, OverlayEntry> e : overlay.entrySet()) {
      if (!e.getKey().isEmpty() && !(e.getValue() instanceof OverlayEntry.Removed)) {
        return true;
      }
    }
    for (String part : listing.names().keySet()) {
      if (!overlay.containsKey(part)) {
        return true;
      }
    }
    for (String part : onTheWay.getOrDefault(directory, Set.of())) {
      if (isOnTheWay(Paths.join(directory, part))) {
        return true;
      }
    }
    return false;
  }

  /** Whether anything made here lies below a name that says nothing of itself. */
  private synchronized boolean isOnTheWay(String name) {
    Set<String> siblings = onTheWay.get(Paths.parent(name));
    if (siblings == null || !siblings.contains(Paths.part(name))) {
      return false;
    }
    boolean live =
        volume.writeback().overlayChildren(name).values().stream()
            .anyMatch(e -> !(e instanceof OverlayEntry.Removed));
    for (String part : onTheWay.getOrDefault(name, Set.of())) {
      live = live || isOnTheWay(Paths.join(name, part));
    }
    if (!live) {
      siblings.remove(Paths.part(name));
    }
    return live;
  }
}
