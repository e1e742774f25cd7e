package io.azcp.fs.writeback;

import io.azcp.cache.BlobVersion;
import io.azcp.fs.writeback.Operation.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Frees names of what stands there, and queues the removal of blobs that belong to nothing seen any
 * more. Every method is called under the ledger's lock; the caller commits.
 */
final class Clearing {
  private final Ledger ledger;

  Clearing(Ledger ledger) {
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
  Overlay.Slot removed(String name) {
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
  void dropOrphan(String blob, BlobVersion version, Entry after) throws IOException {
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
  Operation deleteOrphan(String blob, BlobVersion version, Entry after) {
    var orphan =
        new Entry(ledger.newId(), Entry.Kind.FILE, "", blob, new PosixAttributes(0, 0, 0, 0));
    orphan.version = version;
    return deleteBlob(orphan, blob, after);
  }

  /** What was removed here goes from the service too, where that has it or may have it. */
  void remove(Entry entry, String name) {
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
}
