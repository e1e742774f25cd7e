package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.PutOptions;
import java.io.IOException;
import java.util.Map;

/** Deletions, changes of attributes and directory markers: each a request or two. */
final class SmallSteps {
  private static final int ROUNDS = 5;

  private final Ledger ledger;
  private final Outcomes outcomes;
  private final Remote remote;

  SmallSteps(Ledger ledger, Outcomes outcomes, Remote remote) {
    this.ledger = ledger;
    this.outcomes = outcomes;
    this.remote = remote;
  }

  void delete(Operation operation) throws IOException {
    String etag = journaled(operation);
    for (int round = 0; round < ROUNDS; round++) {
      if (etag == null) {
        BlobProperties there = remote.head(operation.name);
        if (there == null || keep(operation, there)) {
          break;
        }
        etag = there.etag();
      }
      try {
        remote.service.delete(
            remote.container, remote.blobName(operation.name), Conditions.match(etag));
        break;
      } catch (IOException e) {
        if (Remote.absent(e)) {
          break;
        }
        if (!Remote.conditionFailed(e)) {
          throw e;
        }
        etag = null;
      }
    }
    ledger.lock.lock();
    try {
      outcomes.deleted(operation);
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Makes sure that the journal has the deletion; answers the ETag it is for, null for unknown. */
  private String journaled(Operation operation) throws IOException {
    ledger.lock.lock();
    try {
      ledger.commit();
      BlobVersion known = operation.entry.version;
      return known == null ? null : known.etag();
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Whether what is there is not what was removed here: a later blob, or no marker. */
  private boolean keep(Operation operation, BlobProperties there) {
    boolean marker = operation.entry.kind == Entry.Kind.DIRECTORY;
    boolean later = later(there, operation);
    boolean foreign = marker && !there.isFolder();
    if (later || foreign) {
      ledger.lock.lock();
      try {
        outcomes.report(
            operation.name
                + " was written by somebody else after it was removed here; that blob"
                + " stays");
      } finally {
        ledger.lock.unlock();
      }
    }
    return later || foreign;
  }

  private boolean later(BlobProperties there, Operation operation) {
    return there.lastModified() > remote.serviceMillis(operation.askedMillis);
  }

  void setMetadata(Operation operation) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      BlobProperties there = remote.head(operation.name);
      if (there == null) {
        ledger.lock.lock();
        try {
          outcomes.lost(
              operation,
              operation.name
                  + " was removed in the service by somebody else; its attributes are not kept");
        } finally {
          ledger.lock.unlock();
        }
        return;
      }
      if (Remote.madeBy(there, operation.operationId)) {
        updated(operation, Remote.version(there), true);
        return;
      }
      BlobVersion known = operation.entry.version;
      boolean same = known != null && known.sameContent(Remote.version(there));
      try {
        outcomes.changing(operation.name, () -> setMetadata(operation, there, same));
        return;
      } catch (IOException e) {
        if (!Remote.conditionFailed(e)) {
          throw e;
        }
      }
    }
    throw busy(operation);
  }

  private void setMetadata(Operation operation, BlobProperties there, boolean sameContent)
      throws IOException {
    BlobProperties made =
        remote.service.setMetadata(
            remote.container,
            remote.blobName(operation.name),
            metadata(operation, there.metadata()),
            Conditions.match(there.etag()));
    updated(
        operation,
        new BlobVersion(made.etag(), there.length(), made.lastModified(), there.contentMd5()),
        sameContent);
  }

  void putMarker(Operation operation) throws IOException {
    Conditions conditions = Remote.expecting(operation.entry.version);
    for (int round = 0; round < ROUNDS; round++) {
      if (!operation.operationId.isEmpty()) {
        BlobProperties there = remote.head(operation.name);
        if (Remote.madeBy(there, operation.operationId)) {
          updated(operation, Remote.version(there), true);
          return;
        }
      }
      try {
        BlobProperties made =
            remote.service.put(
                remote.container,
                remote.blobName(operation.name),
                BodySource.of(new byte[0]),
                new PutOptions("", "", metadata(operation, Map.of()), conditions));
        updated(operation, Remote.version(made), true);
        return;
      } catch (IOException e) {
        if (!Remote.conditionFailed(e)) {
          throw e;
        }
      }
      BlobProperties there = remote.head(operation.name);
      if (there != null && there.isFolder()) {
        setMetadata(operation);
        return;
      }
      if (there != null && later(there, operation)) {
        ledger.lock.lock();
        try {
          outcomes.lost(
              operation,
              operation.name + " was made a file in the service by somebody else; it stays one");
        } finally {
          ledger.lock.unlock();
        }
        return;
      }
      conditions = there == null ? Conditions.ABSENT : Conditions.match(there.etag());
    }
    throw busy(operation);
  }

  private void updated(Operation operation, BlobVersion now, boolean same) throws IOException {
    ledger.lock.lock();
    try {
      outcomes.updated(operation, now, same);
    } finally {
      ledger.lock.unlock();
    }
  }

  /** Journals the id of the request, and takes the attributes as they are now. */
  private Map<String, String> metadata(Operation operation, Map<String, String> others)
      throws IOException {
    ledger.lock.lock();
    try {
      if (operation.operationId.isEmpty()) {
        operation.operationId = remote.newOperationId();
        ledger.touch(operation);
      }
      // Also where an earlier attempt could not append it: nothing is sent that is not journaled.
      ledger.commit();
      return BlobMetadata.of(others, operation.entry.attributes, operation.operationId);
    } finally {
      ledger.lock.unlock();
    }
  }

  private static AzcpException busy(Operation operation) {
    return new AzcpException(
        Errno.EBUSY, operation.name + " is changed by others again and again; it is kept pending");
  }
}
