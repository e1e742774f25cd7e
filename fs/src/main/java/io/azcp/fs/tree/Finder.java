package io.azcp.fs.tree;

import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.RemoteFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies at the names of one volume: the service's listing under what was changed here. The
 * overlay is always looked at before the listing, because a listing is installed before the overlay
 * is trimmed by it. Thread-safe.
 */
final class Finder {
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
    Known overlaid = overlaid(name);
    if (overlaid != null) {
      reply.ok(overlaid);
    } else if (volume.listings().large(directory)) {
      probe(name, reply);
    } else {
      volume.listings().get(directory, Replies.then(reply, l -> answer(l, directory, part, reply)));
    }
  }

  private void answer(Listing listing, String directory, String part, Reply<Known> reply) {
    String name = Paths.join(directory, part);
    Known overlaid = overlaid(name);
    if (overlaid != null) {
      reply.ok(overlaid);
    } else if (listing.complete()) {
      Listing newest = volume.listings().known(directory);
      reply.ok(merged(name, at(newest == null ? listing : newest, part)));
    } else {
      probe(name, reply);
    }
  }

  private void probe(String name, Reply<Known> reply) {
    volume.probe().find(name, Replies.then(reply, k -> reply.ok(merged(name, k))));
  }

  private Known at(Listing listing, String part) {
    Found found = listing.at(part);
    long fresh = volume.listings().fresh(listing);
    return new Known(found, found.isAbsent() ? Math.min(fresh, Volume.ABSENT_TTL_NANOS) : fresh);
  }

  /** What lies at a name as far as it is known without asking; null for not known. */
  Known peek(String directory, String part) {
    String name = Paths.join(directory, part);
    Known overlaid = overlaid(name);
    if (overlaid != null) {
      return overlaid;
    }
    Listing listing = volume.listings().known(directory);
    Known service = listing == null ? volume.probe().peek(name) : at(listing, part);
    return service == null ? null : merged(name, service);
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

  /** What the overlay says of a name; null for nothing. */
  private Known overlaid(String name) {
    Optional<OverlayEntry> entry = volume.writeback().overlay(name);
    if (entry.isEmpty()) {
      return null;
    }
    Found found = found(name, entry.get());
    return new Known(found, found.isAbsent() ? Volume.ABSENT_TTL_NANOS : volume.ttlNanos());
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
