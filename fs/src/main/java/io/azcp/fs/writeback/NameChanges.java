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
 * ledger's lock; the caller commits.
 *
 * <p>Moves are never shortened to "from the first to the last name" while anything is queued behind
 * them: swapping two names through a third would lose one of the files, or wait in a circle. Only
 * what is last in all its lines and was not sent is taken back.
 */
final class NameChanges {
  private final Ledger ledger;

  NameChanges(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * What is known of a name now: an operation may have ended after the caller was told.
   *
   * @param told what the caller was told; null for nothing
   */
  RemoteFile current(String name, RemoteFile told) {
    Overlay.Slot slot = ledger.overlay.slot(name);
    if (slot == null || (slot.entry == null && slot.settled == null)) {
      return told;
    }
    if (slot.entry != null) {
      return slot.entry.local == null && slot.entry.version != null
          ? slot.entry.remoteFile()
          : told;
    }
    boolean newer =
        told != null
            && told.blob().equals(slot.settled.blob())
            && told.version().lastModified() > slot.settled.version().lastModified();
    return newer ? told : slot.settled;
  }

  /**
   * Clears a name for a newcomer that will replace what the service has there.
   *
   * @param known what the caller knows of the name
   * @return what the newcomer may expect under the name; null for nothing, or for "told when what
   *     is still under way there has ended"
   */
  BlobVersion clear(String name, RemoteFile known) {
    return clear(name, known, null, true);
  }

  /**
   * The same.
   *
   * @param keeper has the content of what is cleared: until it is committed no blob with that
   *     content is deleted; null for none
   * @param safe whether a crash leaves the newcomer at the name. One that was never acknowledged is
   *     not uploaded after a crash, so a removal that is still queued stays queued before it, or
   *     the removed blob would be seen again
   */
  BlobVersion clear(String name, RemoteFile known, Entry keeper, boolean safe) {
    Entry there = ledger.overlay.entry(name);
    RemoteFile now = current(name, known);
    BlobVersion expected = now == null ? null : now.version();
    for (Operation last = ledger.queue.last(name);
        last != null
            && (last.kind != Kind.DELETE || forgettable(last, safe))
            && takeBack(last, name);
        last = ledger.queue.last(name)) {
      expected = last.kind == Kind.MOVE ? last.target : last.entry.version;
      afterTakingBack(last, there, keeper);
    }
    if (there != null && !there.name.isEmpty()) {
      vacate(there);
    }
    return ledger.queue.last(name) == null ? expected : null;
  }

  /**
   * Whether something acknowledged is at a name that the service does not have there yet. Who takes
   * its place must be acknowledged with it: after a crash neither would be there.
   */
  boolean holdsAcknowledged(String name) {
    Entry there = ledger.overlay.entry(name);
    return there != null
        && there.kind != Entry.Kind.DIRECTORY
        && (there.local == null || there.local.acknowledged());
  }

  /** Whether a removal need not be made: who comes in its place knows what he replaces. */
  private static boolean forgettable(Operation delete, boolean safe) {
    return safe && delete.entry.version != null;
  }

  /** Whether the operation was one that could be, and was, taken back. */
  private boolean takeBack(Operation last, String name) {
    boolean leaving = last.kind == Kind.MOVE && !last.name.equals(name);
    if (last.sent() || leaving || !ledger.queue.isLast(last)) {
      return false;
    }
    ledger.finish(last);
    return true;
  }

  /** Ends the entry whose operation was taken back. */
  private void afterTakingBack(Operation last, Entry there, Entry keeper) {
    Entry entry = last.entry;
    if (last.kind == Kind.MOVE) {
      if (entry == there) {
        entry.name = "";
      }
      if (entry.name.isEmpty() && entry.local == null) {
        deleteBlob(entry, entry.eventualBlob(), keeper);
      } else {
        deletedLater(entry);
      }
      ledger.touch(entry);
    } else if (last.kind == Kind.DELETE) {
      dropIfIdle(entry);
    }
  }

  /** The entry is not seen any more. Its local content goes, unless its commit is under way. */
  private void vacate(Entry entry) {
    entry.name = "";
    StagedFile local = entry.local;
    if (local != null && local.staging.attempt == null) {
      Operation upload = local.upload();
      if (upload != null) {
        ledger.finish(upload);
      }
      ledger.drop(entry);
      discardLater.add(local);
      return;
    }
    ledger.touch(entry);
    dropIfIdle(entry);
  }

  private void dropIfIdle(Entry entry) {
    if (entry.operations.isEmpty() && entry.local == null && entry.name.isEmpty()) {
      ledger.drop(entry);
    }
  }

  /** Local content that goes once the journal knows; see {@link #takeDiscarded}. */
  private final List<StagedFile> discardLater = new ArrayList<>();

  List<StagedFile> takeDiscarded() {
    List<StagedFile> out = new ArrayList<>(discardLater);
    discardLater.clear();
    return out;
  }

  /** Queues the removal of a blob that belongs to the entry. */
  Operation deleteBlob(Entry entry, String blob) {
    return deleteBlob(entry, blob, null);
  }

  private Operation deleteBlob(Entry entry, String blob, Entry after) {
    ledger.add(entry);
    var operation =
        new Operation(
            ledger.newSequence(), Kind.DELETE, entry, blob, "", System.currentTimeMillis());
    operation.after = after;
    return held(ledger.enqueue(operation));
  }

  /** A name that is removed here, and stays so as long as anything queued may still show there. */
  private Overlay.Slot removed(String name) {
    Overlay.Slot slot = ledger.overlay.removed(name);
    for (Operation o : ledger.queue.line(name)) {
      ledger.overlay.hold(o, slot);
      ledger.touch(o);
    }
    return slot;
  }

  /** Until the operation is done a listing may show a blob that is removed here. */
  private Operation held(Operation operation) {
    Overlay.Slot slot = ledger.overlay.slot(operation.name);
    if (slot != null && slot.entry == null) {
      ledger.overlay.hold(operation, slot);
    }
    return operation;
  }

  /** What a commit under way makes is deleted when that has ended, and must not be seen before. */
  private void deletedLater(Entry entry) {
    Operation upload = entry.local == null ? null : entry.local.upload();
    if (upload != null && entry.name.isEmpty()) {
      ledger.touch(held(upload));
    }
  }

  /**
   * Gets rid of a blob that belongs to nothing seen here. What is queued to write its name replaces
   * it; only where nothing is, its removal is queued: behind a writer it would remove what that has
   * written.
   */
  private void dropOrphan(String blob, BlobVersion version, Entry after) throws IOException {
    for (Operation o : ledger.queue.line(blob)) {
      if (o.writes(blob)) {
        expect(o, version);
        return;
      }
    }
    deleteOrphan(blob, version, after);
  }

  /** Tells an operation what it finds, where it was told of nothing. */
  private void expect(Operation writer, BlobVersion version) throws IOException {
    StagedFile local = writer.entry.local;
    if (writer.kind == Kind.UPLOAD && local != null && !local.acknowledged()) {
      // After a crash the orphan would be seen in its place.
      local.acknowledge();
    }
    if (writer.sent()) {
      return;
    }
    if (writer.kind == Kind.MOVE && writer.target == null) {
      writer.target = version;
      ledger.touch(writer);
    } else if (writer.kind != Kind.MOVE && writer.entry.version == null) {
      writer.entry.version = version;
      ledger.touch(writer.entry);
    }
  }

  /**
   * The renames of a file that is gone, and was never committed under its first name, are void.
   * What they were to replace goes all the same.
   */
  void withdrawMoves(Entry entry) throws IOException {
    List<Operation> moves = entry.operations.stream().filter(o -> o.kind == Kind.MOVE).toList();
    moves.forEach(ledger::finish);
    for (Operation move : moves) {
      if (move.target != null) {
        dropOrphan(move.name, move.target, null);
      }
    }
  }

  /** Queues the removal of a blob that belongs to nothing seen here. */
  private Operation deleteOrphan(String blob, BlobVersion version, Entry after) {
    var orphan =
        new Entry(ledger.newId(), Entry.Kind.FILE, "", blob, new PosixAttributes(0, 0, 0, 0));
    orphan.version = version;
    return deleteBlob(orphan, blob, after);
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
    RemoteFile remote = current(name, told);
    if (entry == null && remote != null) {
      entry = Entry.ofRemote(ledger.newId(), "", remote);
      removed(name);
      deleteBlob(entry, remote.blob());
      return;
    }
    removed(name);
    if (entry != null) {
      remove(entry, name);
    }
  }

  private void remove(Entry entry, String name) {
    if (entry.local != null && entry.local.staging.attempt == null) {
      BlobVersion base = entry.version;
      vacate(entry);
      if (base != null) {
        deleteOrphan(name, base, null);
      }
      return;
    }
    entry.name = "";
    ledger.touch(entry);
    Operation last = entry.lastOperation();
    while (last != null && !last.sent() && ledger.queue.isLast(last)) {
      ledger.finish(last);
      if (last.kind == Kind.MOVE && last.target != null) {
        deleteOrphan(last.name, last.target, null);
      }
      last = entry.lastOperation();
    }
    if (entry.local != null) {
      deletedLater(entry);
      return;
    }
    if (entry.operations.isEmpty() && entry.version == null && entry.kind == Entry.Kind.DIRECTORY) {
      ledger.drop(entry);
      return;
    }
    deleteBlob(entry, entry.eventualBlob());
  }

  void makeDirectory(String name, PosixAttributes attributes) {
    Entry there = ledger.overlay.entry(name);
    if (there != null && there.kind == Entry.Kind.DIRECTORY) {
      reattribute(there, attributes);
      return;
    }
    BlobVersion expected = clear(name, null);
    var entry = new Entry(ledger.newId(), Entry.Kind.DIRECTORY, name, name, attributes);
    entry.version = expected;
    ledger.add(entry);
    ledger.overlay.place(name, entry);
    ledger.enqueue(Kind.PUT_MARKER, entry, name, "");
  }

  void removeDirectory(String name, boolean hasMarker) {
    Overlay.Slot old = ledger.overlay.slot(name);
    boolean marker = hasMarker || (old != null && old.settled != null);
    removed(name);
    if (old != null && old.entry != null) {
      remove(old.entry, name);
    }
    if (marker && ledger.queue.last(name) == null) {
      var entry =
          new Entry(
              ledger.newId(), Entry.Kind.DIRECTORY, "", name, new PosixAttributes(0, 0, 0, 0));
      deleteBlob(entry, name);
    }
  }

  void setAttributes(String name, RemoteFile told, PosixAttributes attributes) throws IOException {
    Entry entry = ledger.overlay.entry(name);
    RemoteFile remote = current(name, told);
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
      RemoteFile source = current(r.from(), r.source());
      if (entry == null && source != null) {
        entry = Entry.ofRemote(ledger.newId(), r.from(), source);
        ledger.add(entry);
        entry.formerId = old == null ? 0 : old.fileId;
      }
      if (entry == null) {
        clear(r.to(), r.target());
        directories.add(ledger.overlay.directory(r.to(), r.attributes()));
        directories.add(removed(r.from()));
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
    boolean inherits = holdsAcknowledged(r.to());
    boolean safe = local == null || local.acknowledged() || inherits;
    BlobVersion target = clear(r.to(), r.target(), null, safe);
    boolean unsentMarker =
        entry.kind == Entry.Kind.DIRECTORY
            && entry.version == null
            && entry.operations.size() == 1
            && !entry.lastOperation().sent()
            && ledger.queue.isLast(entry.lastOperation());
    entry.name = r.to();
    Overlay.Slot removed = removed(r.from());
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
      ledger.overlay.hold(deleteOrphan(r.from(), base, entry), removed);
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
          dropOrphan(o.name, o.target, entry);
        } else if (entry.version == null) {
          entry.version = o.target;
        }
      }
    }
    if (left != null) {
      dropOrphan(oldName, left, entry);
    }
    entry.local.staging.original = null;
    entry.local.staging.whole = true;
    entry.local.scheduleUpload();
    ledger.touch(entry);
  }
}
