package io.azcp.fs.writeback;

import io.azcp.cache.BlobVersion;
import io.azcp.fs.writeback.Operation.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a change of names does to entries, operations and overlay. Every method is called under the
 * ledger's lock; the caller ends with {@link #commit}.
 *
 * <p>Moves are never shortened to "from the first to the last name" while anything is queued behind
 * them: swapping two names through a third would lose one of the files, or wait in a circle. Only
 * what is last in all its lines and was not sent is taken back.
 */
final class NameChanges {
  private final Ledger ledger;
  private final Clearing clearing;

  NameChanges(Ledger ledger) {
    this.ledger = ledger;
    clearing = new Clearing(ledger);
  }

  /** What frees names. */
  Clearing clearing() {
    return clearing;
  }

  /** Journals what was changed, then throws away the local content that was replaced. */
  void commit() throws IOException {
    ledger.commit();
    clearing.takeDiscarded().forEach(StagedFile::discard);
  }

  /** Puts a new file with local content at a name. */
  void place(Entry entry) {
    ledger.add(entry);
    ledger.overlay.place(entry.name, entry);
    Operation upload = ledger.enqueue(Kind.UPLOAD, entry, entry.name, "");
    ledger.queue.schedule(upload, true, upload.notBeforeNanos);
  }

  /** Sets attributes of a file that was local until a moment ago. */
  void setAttributesOfCommitted(Entry was, PosixAttributes attributes) throws IOException {
    Overlay.Slot slot = ledger.overlay.slot(was.name);
    boolean settled = slot != null && slot.settled != null && slot.fileId == was.id;
    boolean pending = slot != null && slot.entry != null && slot.entry.formerId == was.id;
    if (settled || pending) {
      setAttributes(was.name, slot.settled, attributes);
    } else if (slot == null && !was.name.isEmpty() && was.version != null) {
      setAttributes(was.name, was.remoteFile(), attributes);
    }
  }

  void unlink(String name, RemoteFile told) {
    Entry entry = ledger.overlay.entry(name);
    RemoteFile remote = clearing.current(name, told);
    if (entry == null && remote != null) {
      entry = Entry.ofRemote(ledger.newId(), "", remote);
      clearing.removed(name);
      clearing.deleteBlob(entry, remote.blob());
      return;
    }
    clearing.removed(name);
    if (entry != null) {
      clearing.remove(entry, name);
    }
  }

  void makeDirectory(String name, PosixAttributes attributes) {
    Entry there = ledger.overlay.entry(name);
    if (there != null && there.kind == Entry.Kind.DIRECTORY) {
      reattribute(there, attributes);
      return;
    }
    BlobVersion expected = clearing.clear(name, null);
    var entry = new Entry(ledger.newId(), Entry.Kind.DIRECTORY, name, name, attributes);
    entry.version = expected;
    ledger.add(entry);
    ledger.overlay.place(name, entry);
    ledger.enqueue(Kind.PUT_MARKER, entry, name, "");
  }

  void removeDirectory(String name, boolean hasMarker) {
    Overlay.Slot old = ledger.overlay.slot(name);
    boolean marker = hasMarker || (old != null && old.settled != null);
    clearing.removed(name);
    if (old != null && old.entry != null) {
      clearing.remove(old.entry, name);
    }
    if (marker && ledger.queue.last(name) == null) {
      var entry =
          new Entry(
              ledger.newId(), Entry.Kind.DIRECTORY, "", name, new PosixAttributes(0, 0, 0, 0));
      clearing.deleteBlob(entry, name);
    }
  }

  void setAttributes(String name, RemoteFile told, PosixAttributes attributes) throws IOException {
    Entry entry = ledger.overlay.entry(name);
    RemoteFile remote = clearing.current(name, told);
    if (entry != null && entry.local != null) {
      entry.local.setAttributes(now -> attributes);
    } else if (entry != null) {
      reattribute(entry, attributes);
    } else if (remote == null) {
      makeDirectory(name, attributes);
    } else {
      Overlay.Slot old = ledger.overlay.slot(name);
      entry = Entry.ofRemote(ledger.newId(), name, remote);
      entry.attributes = attributes;
      entry.reattributed = true;
      ledger.add(entry);
      entry.formerId = old == null ? 0 : old.fileId;
      ledger.overlay.place(name, entry);
      ledger.enqueue(Kind.SET_METADATA, entry, remote.blob(), "");
    }
  }

  private void reattribute(Entry entry, PosixAttributes attributes) {
    entry.attributes = attributes;
    entry.reattributed = true;
    ledger.touch(entry);
    Operation last = entry.lastOperation();
    if (last == null || last.sent() || last.kind == Kind.DELETE) {
      ledger.enqueue(Kind.SET_METADATA, entry, entry.eventualBlob(), "");
    }
  }

  void rename(List<Writeback.Rename> renames) throws IOException {
    List<Overlay.Slot> directories = new ArrayList<>();
    Map<String, Entry> moved = new LinkedHashMap<>();
    for (Writeback.Rename r : renames) {
      if (r.from().equals(r.to())) {
        continue;
      }
      Overlay.Slot old = ledger.overlay.slot(r.from());
      Entry entry = old == null ? null : old.entry;
      RemoteFile source = clearing.current(r.from(), r.source());
      if (entry == null && source != null) {
        entry = Entry.ofRemote(ledger.newId(), r.from(), source);
        ledger.add(entry);
        entry.formerId = old == null ? 0 : old.fileId;
      }
      if (entry == null) {
        clearing.clear(r.to(), r.target());
        directories.add(ledger.overlay.directory(r.to(), r.attributes()));
        directories.add(clearing.removed(r.from()));
      } else {
        move(entry, r);
        moved.put(r.from(), entry);
      }
    }
    for (Operation o : pending(moved)) {
      directories.forEach(slot -> ledger.overlay.hold(o, slot));
      ledger.touch(o);
    }
  }

  /** What has to be done until the service has moved entries away from their old names. */
  private Set<Operation> pending(Map<String, Entry> moved) {
    Set<Operation> pending = new LinkedHashSet<>();
    moved.forEach(
        (oldName, entry) -> {
          if (entry.lastOperation() != null) {
            pending.add(entry.lastOperation());
          }
          // What a commit under the new name leaves under the old one is deleted after it.
          pending.addAll(ledger.queue.line(oldName));
        });
    return pending;
  }

  private void move(Entry entry, Writeback.Rename r) throws IOException {
    StagedFile local = entry.local;
    boolean inherits = clearing.holdsAcknowledged(r.to());
    boolean safe = local == null || local.acknowledged() || inherits;
    BlobVersion target = clearing.clear(r.to(), r.target(), null, safe);
    boolean unsentMarker =
        entry.kind == Entry.Kind.DIRECTORY
            && entry.version == null
            && entry.operations.size() == 1
            && !entry.lastOperation().sent()
            && ledger.queue.isLast(entry.lastOperation());
    entry.name = r.to();
    Overlay.Slot removed = clearing.removed(r.from());
    ledger.overlay.place(r.to(), entry);
    ledger.touch(entry);
    if (local != null && local.staging.attempt == null) {
      moveLocal(entry, r, target, removed);
      if (inherits) {
        local.acknowledge();
      }
    } else if (unsentMarker) {
      ledger.finish(entry.lastOperation());
      entry.blob = r.to();
      entry.version = target;
      ledger.enqueue(Kind.PUT_MARKER, entry, r.to(), "");
    } else {
      Operation move = ledger.enqueue(Kind.MOVE, entry, r.to(), entry.eventualBlob());
      move.target = target;
      ledger.overlay.hold(move, removed);
    }
  }

  /** Only the record changes; a blob left under the old name goes after the commit. */
  private void moveLocal(Entry entry, Writeback.Rename r, BlobVersion target, Overlay.Slot removed)
      throws IOException {
    Operation old = entry.local.upload();
    BlobVersion base = entry.version;
    entry.blob = r.to();
    entry.version = target;
    entry.local.staging.original = null;
    entry.local.staging.whole = true;
    entry.local.staging.exclusive = false;
    // It takes its new name now, whenever it was closed.
    entry.local.staging.closedMillis = System.currentTimeMillis();
    entry.local.changedContent();
    List<Overlay.Slot> holds = new ArrayList<>(old.holds);
    holds.remove(removed);
    ledger.finish(old);
    Operation upload = ledger.enqueue(Kind.UPLOAD, entry, r.to(), "");
    holds.forEach(slot -> ledger.overlay.hold(upload, slot));
    ledger.queue.schedule(upload, true, upload.notBeforeNanos);
    entry.local.scheduleUpload();
    if (base != null) {
      // The old name's content is not to be seen again, so this one has to be, whatever happens.
      entry.local.acknowledge();
      ledger.overlay.hold(clearing.deleteOrphan(r.from(), base, entry), removed);
    }
  }

  /**
   * A renamed file whose content changed, or was not committed under the old name: it is uploaded
   * under the name it has now, and everything queued for it is dropped.
   *
   * @param left what the commit left under the old name; null for nothing
   */
  void uploadAnew(Entry entry, String oldName, BlobVersion left) throws IOException {
    List<Operation> old = List.copyOf(entry.operations);
    String name = entry.name;
    Operation upload = ledger.enqueue(Kind.UPLOAD, entry, name, "");
    ledger.queue.schedule(upload, true, upload.notBeforeNanos);
    entry.blob = name;
    entry.version = null;
    for (Operation o : old) {
      o.holds.forEach(slot -> ledger.overlay.hold(upload, slot));
      ledger.finish(o);
    }
    for (Operation o : old) {
      if (o.kind == Kind.MOVE && o.target != null) {
        if (!o.name.equals(name)) {
          clearing.dropOrphan(o.name, o.target, entry);
        } else if (entry.version == null) {
          entry.version = o.target;
        }
      }
    }
    if (left != null) {
      clearing.dropOrphan(oldName, left, entry);
    }
    entry.local.staging.original = null;
    entry.local.staging.whole = true;
    entry.local.scheduleUpload();
    ledger.touch(entry);
  }
}
