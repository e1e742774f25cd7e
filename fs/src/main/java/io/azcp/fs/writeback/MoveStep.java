package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.CopyOptions;
import java.io.IOException;
import java.util.Map;

/**
 * A rename in the service: a copy on the server, and only when that has succeeded the deletion of
 * the source.
 */
final class MoveStep {
  private static final int ROUNDS = 5;

  private final Ledger ledger;
  private final Outcomes outcomes;
  private final Remote remote;
  private final KeptVersions kept;

  MoveStep(Ledger ledger, Outcomes outcomes, Remote remote, KeptVersions kept) {
    this.ledger = ledger;
    this.outcomes = outcomes;
    this.remote = remote;
    this.kept = kept;
  }

  void run(Operation move) throws IOException {
    Entry entry = move.entry;
    BlobVersion source;
    BlobVersion copied;
    ledger.lock.lock();
    try {
      source = entry.version;
      copied = move.copied;
    } finally {
      ledger.lock.unlock();
    }
    if (copied == null) {
      copied = copy(move, source);
      if (copied == null) {
        return;
      }
    }
    BlobVersion now = copied;
    outcomes.changing(move.from, () -> finish(move, now));
  }

  private void finish(Operation move, BlobVersion copied) throws IOException {
    deleteSource(move);
    ledger.lock.lock();
    try {
      outcomes.moved(move, copied);
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Makes the copy; null when the operation has ended otherwise. */
  private BlobVersion copy(Operation move, BlobVersion known) throws IOException {
    BlobVersion source = known;
    if (!move.operationId.isEmpty()) {
      BlobProperties there = remote.head(move.name);
      if (Remote.madeBy(there, move.operationId)) {
        return copied(move, there, source);
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      BlobProperties there;
      if (source == null) {
        source = sourceNow(move, null);
        if (source == null) {
          return null;
        }
      }
      CopyOptions request = prepare(move);
      try {
        there =
            remote.service.copy(
                remote.container,
                remote.blobName(move.from),
                source.etag(),
                remote.container,
                remote.blobName(move.name),
                request);
        return copied(move, there, source);
      } catch (IOException e) {
        if (!Remote.conditionFailed(e) && !Remote.absent(e)) {
          throw e;
        }
      }
      there = remote.head(move.name);
      if (Remote.madeBy(there, move.operationId)) {
        return copied(move, there, source);
      }
      source = sourceNow(move, source);
      if (source == null) {
        return null;
      }
      if (destinationTaken(move, there)) {
        return null;
      }
    }
    throw new AzcpException(
        Errno.EBUSY,
        move.from
            + " could not be renamed to "
            + move.name
            + ": others change both; it is kept"
            + " pending");
  }

  /** Journals the id of the request, and takes the attributes as they are now. */
  private CopyOptions prepare(Operation move) throws IOException {
    ledger.lock.lock();
    try {
      if (move.operationId.isEmpty()) {
        move.operationId = remote.newOperationId();
        ledger.touch(move);
      }
      // Also where an earlier attempt could not append it: nothing is sent that is not journaled.
      ledger.commit();
      Entry e = move.entry;
      // What the copy is, but for its ETag and time, is known of the source.
      return new CopyOptions(
          BlobMetadata.ofCopy(e, move.operationId),
          "",
          Map.of(),
          Remote.expecting(move.target),
          true);
    } finally {
      ledger.lock.unlock();
    }
  }

  private BlobVersion copied(Operation move, BlobProperties made, BlobVersion from)
      throws IOException {
    ledger.lock.lock();
    try {
      BlobVersion source = move.entry.version == null ? from : move.entry.version;
      move.copied =
          source == null
              ? Remote.version(made)
              : new BlobVersion(
                  made.etag(), source.length(), made.lastModified(), source.contentMd5());
      ledger.touch(move);
      ledger.commit();
      return move.copied;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** What the source is now; null, and the operation ended, when somebody removed it. */
  private BlobVersion sourceNow(Operation move, BlobVersion known) throws IOException {
    BlobProperties now = remote.head(move.from);
    ledger.lock.lock();
    try {
      if (now == null) {
        outcomes.lost(
            move,
            move.from
                + " was removed in the service by somebody else before its rename to "
                + move.name);
        return null;
      }
      if (known == null || !known.etag().equals(now.etag())) {
        move.entry.version = Remote.version(now);
        if (move.entry.kind != Entry.Kind.DIRECTORY) {
          move.entry.contentType = now.contentType();
        }
        ledger.touch(move.entry);
        ledger.commit();
      }
      return move.entry.version;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Whether somebody's later blob is at the destination, so that the file went elsewhere. */
  private boolean destinationTaken(Operation move, BlobProperties there) throws IOException {
    boolean free = there == null || there.isFolder() || kept.mayReplace(there, move.askedMillis);
    String beside = free ? "" : kept.nameFor(move.name);
    if (!free) {
      kept.makeRoom(beside);
    }
    ledger.lock.lock();
    try {
      if (free) {
        move.target = there == null ? null : Remote.version(there);
        ledger.touch(move);
        ledger.commit();
        return false;
      }
      outcomes.conflict(move, KeptVersions.theirs(move.name, there), beside);
      return true;
    } finally {
      ledger.lock.unlock();
    }
  }

  private void deleteSource(Operation move) throws IOException {
    String etag = move.entry.version == null ? null : move.entry.version.etag();
    try {
      remote.service.delete(
          remote.container, remote.blobName(move.from), new Conditions(etag, null));
    } catch (IOException e) {
      if (Remote.conditionFailed(e)) {
        ledger.lock.lock();
        try {
          outcomes.report(
              move.from
                  + " was written by somebody else during its rename to "
                  + move.name
                  + "; that blob stays");
        } finally {
          ledger.lock.unlock();
        }
      } else if (!Remote.absent(e)) {
        throw e;
      }
    }
  }
}
