package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.fs.writeback.Operation.Kind;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What follows from the end of an operation. Every method is called under the ledger's lock and
 * commits. Staging files leave only after the journal knows.
 */
final class Outcomes {
  private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);

  private final Ledger ledger;
  private final NameChanges names;
  private final Cache cache;

  Outcomes(Ledger ledger, NameChanges names, Cache cache) {
    this.ledger = ledger;
    this.names = names;
    this.cache = cache;
  }

  /**
   * The content was committed under the operation's name.
   *
   * @param sent what was sent
   * @param said whether the blob has the attributes that were sent
   * @param quiet whether nobody can change the content any more (no writer, lease granted)
   */
  void committed(
      Operation upload, BlobVersion now, UploadStep.Sent sent, boolean said, boolean quiet)
      throws IOException {
    Entry entry = upload.entry;
    StagedFile local = entry.local;
    local.staging.attempt = null;
    local.derivedFromCommit();
    entry.blob = upload.name;
    entry.version = now;
    entry.contentType = sent.contentType();
    ledger.counters.uploadedBytes += now.length();
    ledger.done.run();
    handOver(upload, upload.name, now);
    boolean last = quiet && !local.writable() && local.generation() == sent.generation();
    if (entry.name.equals(upload.name)) {
      local.staging.original = sent.stamp();
      local.staging.reattributed = !said || !entry.attributes.equals(sent.attributes());
      ledger.touch(entry);
      if (last) {
        putBack(upload);
      } else {
        ledger.commit();
      }
    } else if (entry.name.isEmpty()) {
      ledger.finish(upload);
      leave(entry, null);
    } else if (last) {
      ledger.finish(upload);
      leave(entry, now);
    } else {
      names.uploadAnew(entry, upload.name, now);
      ledger.commit();
    }
  }

  /** The commit under the operation's name was refused or never made; what now? */
  void notCommitted(Operation upload) throws IOException {
    Entry entry = upload.entry;
    entry.local.staging.attempt = null;
    ledger.touch(entry);
    if (entry.name.isEmpty()) {
      names.clearing().withdrawMoves(entry);
      BlobVersion base = entry.version;
      Operation next = ledger.queue.next(upload, upload.name);
      if (next != null) {
        handOver(upload, upload.name, base);
      }
      ledger.finish(upload);
      entry.version = next == null ? base : null;
      leave(entry, null);
    } else if (!entry.name.equals(upload.name)) {
      BlobVersion base = entry.version;
      handOver(upload, upload.name, base);
      boolean orphaned = base != null && writer(upload.name, upload) == null;
      names.uploadAnew(entry, upload.name, orphaned ? base : null);
      ledger.commit();
    } else {
      ledger.commit();
    }
  }

  /** The service has the content as it is: it becomes the cached file of its version. */
  void putBack(Operation upload) throws IOException {
    Entry entry = upload.entry;
    ledger.finish(upload);
    leave(entry, entry.version);
  }

  /**
   * The local content leaves: into the cache as a version, or away.
   *
   * @param published null for away
   */
  private void leave(Entry entry, BlobVersion published) throws IOException {
    StagedFile local = entry.local;
    entry.attributes = StagedFile.withTime(entry.attributes, local.stampQuietly());
    boolean reattributed = local.staging.reattributed;
    local.depart();
    // Its row must not tell of a staging file any more, also where other operations keep it.
    ledger.touch(entry);
    ledger.queue.release(entry);
    if (reattributed && !entry.name.isEmpty() && entry.operations.isEmpty()) {
      ledger.enqueue(Kind.SET_METADATA, entry, entry.blob, "");
    }
    settle(entry);
    ledger.commit();
    if (published == null) {
      local.discard();
    } else {
      publish(local, entry.blob, published);
    }
  }

  /** A file in memory leaves it; what goes to the cache of it is its copy on the disk, if any. */
  private void publish(StagedFile local, String name, BlobVersion version) {
    boolean memory = MemoryStaging.holds(local.staging.path);
    String path = memory ? local.staging.copy : local.staging.path;
    try {
      if (path != null) {
        cache.publish(path, name, version);
      }
      if (memory) {
        local.discard();
      }
    } catch (IOException e) {
      LOG.warn("{} is in the service but not in the cache: {}", name, e.getMessage());
      local.discard();
    }
  }

  /**
   * Somebody else's blob is under the name and must stay: what we have goes to a name of its own.
   *
   * @param theirs what is there
   * @param kept the name that ours gets
   * @return what to tell those who wait
   */
  AzcpException conflict(Operation operation, RemoteFile theirs, String kept) throws IOException {
    Entry entry = operation.entry;
    String name = operation.name;
    AzcpException told = Remote.conflict(name, kept);
    report(told.getMessage());
    ledger.conflicts.add(new Writeback.Conflict(name, kept, System.currentTimeMillis()));
    handOver(operation, name, theirs.version());
    Operation again = null;
    if (operation.kind == Kind.UPLOAD) {
      entry.local.staging.attempt = null;
      entry.local.staging.exclusive = true;
      entry.blob = kept;
      entry.version = null;
      again = ledger.enqueue(Kind.UPLOAD, entry, kept, "");
    } else {
      again = ledger.enqueue(Kind.MOVE, entry, kept, operation.from);
    }
    ledger.finish(operation);
    if (entry.name.equals(name)) {
      ledger.overlay.settled(name, theirs);
      entry.name = kept;
      ledger.overlay.place(kept, entry);
    }
    ledger.touch(entry);
    ledger.touch(again);
    ledger.commit();
    return told;
  }

  /** Keeps fetches from taking what we change at a name for somebody else's doing. */
  void changing(String name, Cache.Change change) throws IOException {
    cache.changing(name, change);
  }

  /** A move is done: the blob is under its new name only. */
  void moved(Operation move, BlobVersion now) throws IOException {
    ledger.done.run();
    Entry entry = move.entry;
    String oldName = entry.blob;
    BlobVersion old = entry.version;
    entry.blob = move.name;
    entry.version = now;
    ledger.touch(entry);
    handOver(move, move.from, null);
    handOver(move, move.name, now);
    ledger.finish(move);
    settle(entry);
    ledger.commit();
    if (entry.kind != Entry.Kind.DIRECTORY && old != null) {
      follow(oldName, old, move.name, now);
    }
  }

  /** Attributes were set, or a marker written. */
  void updated(Operation operation, BlobVersion now, boolean sameContent) throws IOException {
    ledger.done.run();
    Entry entry = operation.entry;
    BlobVersion old = entry.version;
    entry.version = now;
    entry.blob = operation.name;
    ledger.touch(entry);
    handOver(operation, operation.name, now);
    ledger.finish(operation);
    settle(entry);
    ledger.commit();
    if (sameContent && old != null && entry.kind != Entry.Kind.DIRECTORY) {
      follow(operation.name, old, operation.name, now);
    }
  }

  private void follow(String oldName, BlobVersion old, String name, BlobVersion now) {
    try {
      cache.move(oldName, old, name, now);
    } catch (IOException e) {
      LOG.warn("the cached content of {} is fetched anew: {}", name, e.getMessage());
    }
  }

  /** The blob is gone. */
  void deleted(Operation delete) throws IOException {
    ledger.done.run();
    handOver(delete, delete.name, null);
    boolean newcomer = ledger.queue.next(delete, delete.name) != null;
    ledger.finish(delete);
    Entry entry = delete.entry;
    entry.version = null;
    ledger.drop(entry);
    ledger.commit();
    if (!newcomer && entry.kind != Entry.Kind.DIRECTORY) {
      evict(delete.name);
    }
  }

  private void evict(String name) {
    try {
      cache.evict(name);
      // Also what is open: nobody is to find it under its name again.
      cache.dropOther(name, null);
    } catch (IOException e) {
      LOG.debug("the cached content of the deleted {} stays: {}", name, e.getMessage());
    }
  }

  /** Somebody else removed what an operation was to change: nothing is left to do. */
  void lost(Operation operation, String message) throws IOException {
    report(message);
    Entry entry = operation.entry;
    for (Operation o : java.util.List.copyOf(entry.operations)) {
      ledger.finish(o);
    }
    ledger.overlay.vanish(entry);
    ledger.drop(entry);
    ledger.commit();
  }

  void report(String message) {
    LOG.warn("{}", message);
    ledger.counters.lastError = message;
  }

  /** An entry without anything left to do leaves the ledger; a removed one's blob goes. */
  private void settle(Entry entry) {
    if (entry.local != null || !entry.operations.isEmpty()) {
      return;
    }
    if (!entry.name.isEmpty()) {
      ledger.overlay.settle(entry, entry.remoteFile());
      ledger.drop(entry);
    } else if (entry.version == null || writer(entry.blob, null) != null) {
      ledger.drop(entry);
    } else {
      names.clearing().deleteBlob(entry, entry.blob);
    }
  }

  /** An operation queued on the name that will write it. */
  private Operation writer(String name, Operation except) {
    for (Operation o : ledger.queue.line(name)) {
      if (o != except && o.writes(name)) {
        return o;
      }
    }
    return null;
  }

  /** Tells the next operation on the name what the service has there now. */
  private void handOver(Operation done, String name, BlobVersion now) {
    Operation next = ledger.queue.next(done, name);
    if (next == null) {
      return;
    }
    if (next.kind == Kind.MOVE && next.name.equals(name)) {
      next.target = now;
      ledger.touch(next);
    } else if (next.entry != done.entry && next.kind != Kind.MOVE) {
      next.entry.version = now;
      ledger.touch(next.entry);
    }
  }
}
