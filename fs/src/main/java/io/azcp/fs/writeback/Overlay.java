package io.azcp.fs.writeback;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The names this mount knows better than a listing. A slot stays while an entry stands in it or an
 * operation holds it, and after that until a listing arrives that was requested later. Guarded by
 * the ledger's lock.
 */
final class Overlay {
  /** What is known of one name. */
  static final class Slot {
    final String name;

    /** The entry that stands here; null when it is settled, a plain directory, or removed. */
    Entry entry;

    /** What the service has here since the commit, a directory's marker too; null otherwise. */
    RemoteFile settled;

    /** The local file that was committed here, 0 for none. */
    long fileId;

    /** A directory without an entry; null otherwise. */
    PosixAttributes directory;

    private int holds;
    private long sinceNanos;

    Slot(String name) {
      this.name = name;
    }

    OverlayEntry view() {
      if (entry != null) {
        if (entry.local != null) {
          return new OverlayEntry.Local(entry.local);
        }
        return entry.kind == Entry.Kind.DIRECTORY
            ? new OverlayEntry.Directory(entry.attributes)
            : new OverlayEntry.Remote(entry.remoteFile(), entry.fileId());
      }
      if (directory != null) {
        return new OverlayEntry.Directory(directory);
      }
      return settled != null
          ? new OverlayEntry.Remote(settled, fileId)
          : new OverlayEntry.Removed();
    }

    boolean pending() {
      return entry != null || holds > 0;
    }
  }

  private final Map<String, Map<String, Slot>> directories = new HashMap<>();

  /** Told the directory of each name that is changed. */
  volatile Consumer<String> listener = directory -> {};

  Optional<OverlayEntry> get(String name) {
    return Optional.ofNullable(slot(name)).map(Slot::view);
  }

  /** Since when a name is as the service has it; empty for pending and for unknown ones. */
  OptionalLong settledSince(String name) {
    Slot slot = slot(name);
    return slot == null || slot.pending() ? OptionalLong.empty() : OptionalLong.of(slot.sinceNanos);
  }

  /** The slot of a name; null for none. */
  Slot slot(String name) {
    Map<String, Slot> children = directories.get(parent(name));
    return children == null ? null : children.get(leaf(name));
  }

  /** The entry that stands at a name; null for none. */
  Entry entry(String name) {
    Slot slot = slot(name);
    return slot == null ? null : slot.entry;
  }

  Map<String, OverlayEntry> children(String directory) {
    Map<String, OverlayEntry> out = new HashMap<>();
    directories
        .getOrDefault(directory, Map.of())
        .forEach((leaf, slot) -> out.put(leaf, slot.view()));
    return out;
  }

  Set<String> directories() {
    return Set.copyOf(directories.keySet());
  }

  /** Puts an entry at its name, in place of whatever is known there. */
  Slot place(String name, Entry entry) {
    Slot slot = fresh(name);
    slot.entry = entry;
    return slot;
  }

  /** A directory that is there because of what is below it. */
  Slot directory(String name, PosixAttributes attributes) {
    Slot slot = fresh(name);
    slot.directory = attributes;
    return slot;
  }

  Slot removed(String name) {
    return fresh(name);
  }

  /** The entry has nothing left to do: its slot shows what the service has now. */
  void settle(Entry entry, RemoteFile now) {
    Slot slot = slot(entry.name);
    if (slot == null || slot.entry != entry) {
      return;
    }
    slot.entry = null;
    slot.fileId = entry.fileId();
    slot.directory = entry.kind == Entry.Kind.DIRECTORY ? entry.attributes : null;
    slot.settled = now;
    slot.sinceNanos = System.nanoTime();
  }

  /** The service has this here now, by somebody else's doing. */
  void settled(String name, RemoteFile now) {
    fresh(name).settled = now;
  }

  /** What stood here is gone from the service, or was never there. */
  void vanish(Entry entry) {
    Slot slot = slot(entry.name);
    if (slot != null && slot.entry == entry) {
      slot.entry = null;
      slot.sinceNanos = System.nanoTime();
    }
  }

  /** Nothing is known here any more: the listing tells. */
  void forget(Entry entry) {
    Slot slot = slot(entry.name);
    if (slot != null && slot.entry == entry) {
      drop(slot.name);
    }
  }

  void hold(Operation operation, Slot slot) {
    slot.holds++;
    operation.holds.add(slot);
  }

  void releaseHolds(Operation operation) {
    for (Slot slot : operation.holds) {
      slot.holds--;
      slot.sinceNanos = System.nanoTime();
    }
    operation.holds.clear();
  }

  void listingArrived(String directory, long requestedNanos) {
    Map<String, Slot> children = directories.get(directory);
    if (children == null) {
      return;
    }
    for (Iterator<Slot> i = children.values().iterator(); i.hasNext(); ) {
      Slot slot = i.next();
      if (!slot.pending() && slot.sinceNanos - requestedNanos < 0) {
        i.remove();
      }
    }
    if (children.isEmpty()) {
      directories.remove(directory);
    }
  }

  private Slot fresh(String name) {
    Slot slot = new Slot(name);
    slot.sinceNanos = System.nanoTime();
    directories.computeIfAbsent(parent(name), d -> new HashMap<>()).put(leaf(name), slot);
    listener.accept(parent(name));
    return slot;
  }

  private void drop(String name) {
    Map<String, Slot> children = directories.get(parent(name));
    if (children != null && children.remove(leaf(name)) != null && children.isEmpty()) {
      directories.remove(parent(name));
    }
  }

  static String parent(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash);
  }

  private static String leaf(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
