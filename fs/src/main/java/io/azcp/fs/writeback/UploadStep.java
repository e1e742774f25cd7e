package io.azcp.fs.writeback;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.cache.BlobVersion;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.BlobUploader;
import io.azcp.transfer.engine.BlockIds;
import io.azcp.transfer.engine.FileBodies;
import io.azcp.transfer.engine.TailUploader;
import io.azcp.transfer.engine.Upload;
import java.io.IOException;
import java.net.URLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One attempt to commit local content. It starts only when nobody can change the content (or
 * somebody waits for the commit), and the commit itself goes out only if that was so all the time.
 * The id it carries is journaled before, so that after a lost answer or a crash the blob tells
 * whether the commit was ours.
 */
final class UploadStep {
  /** How often a commit whose condition failed is tried with what is there now. */
  private static final int ROUNDS = 5;

  private final Ledger ledger;
  private final Outcomes outcomes;
  private final Remote remote;
  private final KeptVersions kept;
  private final BlobUploader uploader;
  private final TailUploader tails;
  private final EarlyUploads early;
  private final MemoryStaging memory;
  private final BooleanSupplier closing;

  UploadStep(
      Ledger ledger,
      Outcomes outcomes,
      Remote remote,
      KeptVersions kept,
      BlobUploader uploader,
      TailUploader tails,
      EarlyUploads early,
      MemoryStaging memory,
      BooleanSupplier closing) {
    this.ledger = ledger;
    this.outcomes = outcomes;
    this.remote = remote;
    this.kept = kept;
    this.uploader = uploader;
    this.tails = tails;
    this.early = early;
    this.memory = memory;
    this.closing = closing;
  }

  /** What is sent. */
  record Sent(
      Stamp stamp,
      long generation,
      PosixAttributes attributes,
      String contentType,
      Map<String, String> metadata,
      String operationId,
      BlobVersion base,
      boolean derived,
      GrowingFiles.Look growth,
      List<CommitWaiters.Waiter> waiters) {}

  /** Why an attempt ended without a commit. */
  enum Result {
    /** Nothing is left to do, or another run was scheduled. */
    DONE,
    /** A writer is there; it is scheduled when he leaves. */
    WRITER,
    /** The read lease was refused: ask again soon. */
    LEASE,
    /** The content changed meanwhile: again after the quiet time. */
    CHANGED
  }

  Result run(Operation operation) throws IOException {
    StagedFile local;
    Staging.Attempt attempt;
    int fd;
    ledger.lock.lock();
    try {
      local = operation.entry.local;
      if (over(operation, local)) {
        return Result.DONE;
      }
      attempt = local.staging.attempt;
      fd = Fd.open(local.staging.path, Fd.O_RDONLY, 0);
    } finally {
      ledger.lock.unlock();
    }
    try {
      if (attempt != null && !unsettled(operation, local, attempt, fd)) {
        return Result.DONE;
      }
      return send(operation, local, attempt, fd);
    } finally {
      Fd.close(fd);
    }
  }

  /** Whether the content was replaced, removed or renamed, so that this operation is no more. */
  private boolean over(Operation operation, StagedFile local) {
    return local == null || operation.entry.local != local || !ledger.queue.contains(operation);
  }

  /** Looks whether an earlier commit was executed; answers whether it must be sent again. */
  private boolean unsettled(Operation operation, StagedFile local, Staging.Attempt attempt, int fd)
      throws IOException {
    BlobProperties there = remote.head(attempt.name());
    ledger.lock.lock();
    try {
      if (over(operation, local)) {
        return false;
      }
      if (Remote.madeBy(there, attempt.operationId())) {
        boolean same = local.stamp().equals(attempt.content());
        var sent =
            new Sent(
                attempt.content(),
                same ? local.generation() : -1,
                operation.entry.attributes,
                there.contentType(),
                lastSaid(operation.entry, attempt),
                attempt.operationId(),
                null,
                false,
                null,
                same ? local.waiters.now() : List.of());
        committed(operation, there, sent, fd);
        return false;
      }
      if (!operation.entry.name.equals(operation.name)) {
        outcomes.notCommitted(operation);
        return false;
      }
      return true;
    } finally {
      ledger.lock.unlock();
    }
  }

  /** What an earlier commit said if nothing was changed since. */
  private static Map<String, String> lastSaid(Entry entry, Staging.Attempt attempt) {
    PosixAttributes attributes = StagedFile.withTime(entry.attributes, attempt.content());
    return BlobMetadata.of(entry.metadata, attributes, attempt.operationId());
  }

  private Result send(Operation operation, StagedFile local, Staging.Attempt earlier, int fd)
      throws IOException {
    Sent sent;
    ledger.lock.lock();
    try {
      if (over(operation, local)) {
        return Result.DONE;
      }
      boolean demanded = local.demanded();
      GrowingFiles.Look growth = local.takeGrowth();
      if (local.writable() && !demanded && growth == null) {
        return Result.WRITER;
      }
      if (!demanded && growth == null && !Fd.quiescent(fd)) {
        return Result.LEASE;
      }
      if (!local.contentUnsent()) {
        if (!local.writable()) {
          List<CommitWaiters.Waiter> waiters = local.waiters.now();
          outcomes.putBack(operation);
          local.waiters.answer(waiters, null);
        }
        return Result.WRITER;
      }
      local.acknowledge();
      ledger.commit();
      sent = snapshot(operation, local, earlier, demanded ? null : growth);
    } finally {
      ledger.lock.unlock();
    }
    return commit(operation, local, sent, fd);
  }

  private Sent snapshot(
      Operation operation, StagedFile local, Staging.Attempt earlier, GrowingFiles.Look growth)
      throws IOException {
    Entry entry = operation.entry;
    Stamp stamp = growth == null ? local.stamp() : beginning(local.stamp(), growth);
    boolean again = earlier != null && earlier.content().equals(stamp);
    String id = again ? earlier.operationId() : remote.newOperationId();
    PosixAttributes attributes = StagedFile.withTime(entry.attributes, stamp);
    return new Sent(
        stamp,
        local.generation(),
        entry.attributes,
        contentType(entry),
        BlobMetadata.of(entry.metadata, attributes, id),
        id,
        entry.version,
        local.derived(),
        growth,
        local.waiters.now());
  }

  /** What tells a beginning of a file, which is no content that the file has later. */
  private static Stamp beginning(Stamp now, GrowingFiles.Look growth) {
    return now.size() == growth.length() ? now : new Stamp(growth.length(), now.mtimeNanos());
  }

  private static String contentType(Entry entry) {
    if (!entry.contentType.isEmpty() || entry.kind != Entry.Kind.FILE) {
      return entry.contentType;
    }
    String guessed = URLConnection.guessContentTypeFromName(entry.blob);
    return guessed == null ? "" : guessed;
  }

  private Result commit(Operation operation, StagedFile local, Sent sent, int fd)
      throws IOException {
    BlobVersion base = sent.base();
    for (int round = 0; round < ROUNDS; round++) {
      BlobProperties there;
      try {
        there = upload(operation, local, sent, base, fd);
      } catch (Superseded e) {
        return Result.CHANGED;
      } catch (IOException e) {
        if (!Remote.conditionFailed(e)) {
          throw e;
        }
        there = remote.head(operation.name);
      }
      boolean made = Remote.madeBy(there, sent.operationId());
      boolean same = !made && there != null && alike(local, there, sent, fd);
      String beside = made || same ? "" : beside(operation, local, there);
      ledger.lock.lock();
      try {
        if (made || (same && operation.entry.name.equals(operation.name))) {
          committed(operation, there, sent, fd);
          return Result.DONE;
        }
        if (!operation.entry.name.equals(operation.name)) {
          outcomes.notCommitted(operation);
          return Result.DONE;
        }
        local.staging.attempt = null;
        ledger.touch(operation.entry);
        ledger.commit();
        if (there != null && !beside.isEmpty()) {
          List<CommitWaiters.Waiter> waiters = local.waiters.now();
          local.waiters.answer(waiters, told(operation, there, beside));
          return Result.DONE;
        }
        base = there == null ? null : Remote.version(there);
      } finally {
        ledger.lock.unlock();
      }
    }
    throw new AzcpException(
        Errno.EBUSY, operation.name + " is changed by others again and again; it is kept pending");
  }

  /** Whether somebody else wrote the same: many nodes often write one and the same file. */
  private static boolean alike(StagedFile local, BlobProperties there, Sent sent, int fd)
      throws IOException {
    return !local.staging.exclusive
        && !there.isFolder()
        && there.length() == sent.stamp().size()
        && !there.contentMd5().isEmpty()
        && there.contentMd5().equals(ContentMd5.of(fd, there.length()));
  }

  /** The name ours is to be kept under; empty where it may replace what is there. */
  private String beside(Operation operation, StagedFile local, BlobProperties there)
      throws IOException {
    ledger.lock.lock();
    try {
      boolean elsewhere = !operation.entry.name.equals(operation.name);
      if (there == null || elsewhere || kept.mayReplace(local.staging, there)) {
        return "";
      }
    } finally {
      ledger.lock.unlock();
    }
    String name = kept.nameFor(operation.name);
    kept.makeRoom(name);
    return name;
  }

  private AzcpException told(Operation operation, BlobProperties there, String beside)
      throws IOException {
    return outcomes.conflict(operation, KeptVersions.theirs(operation.name, there), beside);
  }

  private BlobProperties upload(
      Operation operation, StagedFile local, Sent sent, BlobVersion base, int fd)
      throws IOException {
    var options = new PutOptions(sent.contentType(), "", sent.metadata(), Remote.expecting(base));
    var upload =
        new Upload(
            remote.container,
            remote.blobName(operation.name),
            FileBodies.of(fd, sent.stamp().size(), operation.name),
            options,
            true,
            BlockIds.random(),
            new Gate(operation, local, sent, fd));
    Optional<BlobProperties> grown =
        sent.derived() && base != null
            ? tails.upload(upload, base.length(), base.contentMd5())
            : Optional.empty();
    if (grown.isEmpty()) {
      grown = early.upload(local, operation.name, upload);
    }
    BlobProperties made = grown.isPresent() ? grown.get() : uploader.upload(upload);
    early.forget(local);
    memory.keep(local);
    return new BlobProperties(
        made.etag(),
        sent.stamp().size(),
        made.lastModified(),
        sent.contentType(),
        made.contentMd5(),
        made.blobType(),
        made.tier(),
        sent.metadata());
  }

  /** The last look before the commit, and its journal record. */
  private final class Gate implements Upload.Validity {
    private final Operation operation;
    private final StagedFile local;
    private final Sent sent;
    private final int fd;
    private boolean passed;

    Gate(Operation operation, StagedFile local, Sent sent, int fd) {
      this.operation = operation;
      this.local = local;
      this.sent = sent;
      this.fd = fd;
    }

    @Override
    public void check() throws IOException {
      GrowingFiles.Look growth = sent.growth();
      boolean grewOnly = growth == null || ContentMd5.of(fd, growth.length()).equals(growth.md5());
      ledger.lock.lock();
      try {
        if (passed) {
          // What changed after the commit was sent is found, and sent, when its answer is here.
          return;
        }
        if (!grewOnly || !valid()) {
          throw new Superseded(operation.name);
        }
        local.staging.attempt =
            new Staging.Attempt(sent.operationId(), operation.name, sent.stamp());
        ledger.touch(operation.entry);
        ledger.commit();
        passed = true;
      } finally {
        ledger.lock.unlock();
      }
    }

    private boolean unchanged() throws IOException {
      return local.generation() == sent.generation()
          && local.stamp().equals(sent.stamp())
          && (!local.writable() || local.demanded());
    }

    private boolean valid() throws IOException {
      return !closing.getAsBoolean()
          && !over(operation, local)
          && (sent.growth() != null || unchanged());
    }
  }

  private void committed(Operation operation, BlobProperties there, Sent sent, int fd)
      throws IOException {
    StagedFile local = operation.entry.local;
    // What was sent may be a beginning of what was acknowledged before.
    boolean quiet = Fd.quiescent(fd) && sent.stamp().equals(local.stampQuietly());
    // An earlier attempt of the same id, whose answer was lost, may have said other attributes.
    boolean said =
        !Remote.madeBy(there, sent.operationId())
            || BlobMetadata.sameAttributes(there.metadata(), sent.metadata());
    outcomes.committed(operation, Remote.version(there), sent, said, quiet);
    local.waiters.answer(sent.waiters(), null);
  }
}
