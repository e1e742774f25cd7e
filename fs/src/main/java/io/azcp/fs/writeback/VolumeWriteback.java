package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.engine.BlobUploader;
import io.azcp.transfer.engine.BlockPlan;
import io.azcp.transfer.engine.EarlyUploader;
import io.azcp.transfer.engine.TailUploader;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The write-back of one rule: puts the parts of this package together. */
public final class VolumeWriteback implements Writeback {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeWriteback.class);
  private static final String BOOT_ID = "/proc/sys/kernel/random/boot_id";

  /** Blocks of one upload queued or being sent at most. */
  private static final int LOOK_AHEAD = 16;

  /** For the tests of this package. */
  final Ledger ledger;

  private final NameChanges names;
  private final FsyncQueue fsyncs;
  private final Coordinator coordinator;
  private final StagedFiles files;
  private final EarlyUploads early;
  private final MemoryStaging memory;
  private final Remote remote;
  private final Session session;
  private List<String> recovered = List.of();
  private List<Elsewhere> elsewhere = List.of();
  private boolean closed;

  private VolumeWriteback(
      WritebackOptions options,
      Cache cache,
      Remote remote,
      Workers workers,
      Session session,
      StateRows.Session identity) {
    this.remote = remote;
    this.session = session;
    ledger = new Ledger(session.log(), identity, options);
    ledger.space = new SpaceWatch(cache, ledger::hurry);
    fsyncs = new FsyncQueue(ledger);
    memory = new MemoryStaging(options.policy().staging(), session.folder());
    names = new NameChanges(ledger);
    files = new StagedFiles(ledger, fsyncs, names, cache, session.folder(), memory);
    var outcomes = new Outcomes(ledger, names, cache);
    BlobService service = remote.service;
    var uploader = new BlobUploader(service, workers, BlockPlan.DEFAULT_BLOCK_SIZE, LOOK_AHEAD);
    var tails =
        new TailUploader(service, workers, uploader, BlockPlan.DEFAULT_BLOCK_SIZE, LOOK_AHEAD);
    early =
        new EarlyUploads(
            ledger,
            remote,
            new EarlyUploader(
                service, workers, uploader, (int) BlockPlan.DEFAULT_BLOCK_SIZE, LOOK_AHEAD));
    var kept = new KeptVersions(remote, options.policy().onConflict());
    var uploads =
        new UploadStep(
            ledger, outcomes, remote, kept, uploader, tails, early, memory, this::closing);
    coordinator = new Coordinator(ledger, outcomes, remote, kept, uploads);
  }

  private boolean closing() {
    return coordinator.closing();
  }

  /** Opens the write-back of a rule: takes over what dead sessions left, and starts uploading. */
  public static VolumeWriteback open(
      WritebackOptions options, Cache cache, BlobService service, Workers workers)
      throws IOException {
    return open(options, cache, service, workers, new JournalSession.OfCache(cache), bootId());
  }

  /**
   * What {@code azcp flush} does without a mount: takes over what dead sessions left, and waits
   * until it is committed.
   *
   * @return what is pending afterwards
   */
  public static Pending flushOffline(
      WritebackOptions options,
      Cache cache,
      BlobService service,
      Workers workers,
      String prefix,
      long timeoutNanos)
      throws IOException, InterruptedException {
    try (VolumeWriteback writeback = open(options, cache, service, workers)) {
      writeback.flush(prefix, timeoutNanos);
      return writeback.pending();
    }
  }

  static VolumeWriteback open(
      WritebackOptions options,
      Cache cache,
      BlobService service,
      Workers workers,
      Session.Folder sessions,
      String bootId)
      throws IOException {
    var remote = new Remote(service, options.container(), options.prefix());
    Set<String> operations = new LinkedHashSet<>(List.of(remote.session()));
    var identity = new StateRows.Session(bootId, place(service.account(), options), operations);
    Session session = sessions.begin();
    boolean started = false;
    try {
      var writeback = new VolumeWriteback(options, cache, remote, workers, session, identity);
      writeback.start(sessions, identity);
      started = true;
      return writeback;
    } finally {
      if (!started) {
        session.close();
      }
    }
  }

  private void start(Session.Folder sessions, StateRows.Session identity) throws IOException {
    var replay = new Replay(ledger, fsyncs, names, session, memory, sessions, identity);
    recovered = replay.run();
    elsewhere = replay.elsewhere();
    remote.tookOver(identity.operations());
    if (!recovered.isEmpty()) {
      ledger.counters.lastError =
          recovered.size()
              + " files were not closed when the last session ended and were kept, as "
              + recovered.get(0);
    }
    fsyncs.start();
    coordinator.start();
    early.start();
    ledger.space.start();
  }

  /** Which place in the service the rule leads to; its journal is replayed nowhere else. */
  private static String place(BlobUrl account, WritebackOptions options) {
    return account.host()
        + ":"
        + account.port()
        + "/"
        + account.account()
        + "/"
        + options.container()
        + "/"
        + options.prefix();
  }

  private static String bootId() throws IOException {
    return java.nio.file.Files.readString(Path.of(BOOT_ID), StandardCharsets.US_ASCII).strip();
  }

  /** Files that were never closed, found at the start, by where they are kept. */
  public List<String> recovered() {
    return recovered;
  }

  // ---- the overlay

  @Override
  public Optional<OverlayEntry> overlay(String name) {
    ledger.lock.lock();
    try {
      return ledger.overlay.get(name);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public OptionalLong settledSince(String name) {
    ledger.lock.lock();
    try {
      return ledger.overlay.settledSince(name);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public Map<String, OverlayEntry> overlayChildren(String directory) {
    ledger.lock.lock();
    try {
      return ledger.overlay.children(directory);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void onChange(Consumer<String> listener) {
    ledger.overlay.listener = listener;
  }

  @Override
  public void onDone(Runnable listener) {
    ledger.done = listener;
  }

  @Override
  public Set<String> overlayDirectories() {
    ledger.lock.lock();
    try {
      return ledger.overlay.directories();
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void listingArrived(String directory, long requestedNanos) {
    ledger.lock.lock();
    try {
      ledger.overlay.listingArrived(directory, requestedNanos);
    } finally {
      ledger.lock.unlock();
    }
  }

  // ---- changes

  @Override
  public LocalFile create(
      String name, PosixAttributes attributes, RemoteFile replaced, boolean exclusive)
      throws IOException {
    return files.make(name, attributes, replaced, exclusive, null);
  }

  @Override
  public LocalFile symlink(String name, String target, PosixAttributes attributes)
      throws IOException {
    return files.symlink(name, target, attributes);
  }

  @Override
  public LocalFile takeOut(String name, RemoteFile base, CachedFile whole) throws IOException {
    return files.takeOut(name, base);
  }

  /** A change of names, under the lock. */
  private interface Change {
    void make() throws IOException;
  }

  private void change(Change change) throws IOException {
    ledger.lock.lock();
    try {
      change.make();
      names.commit();
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void mkdir(String name, PosixAttributes attributes) throws IOException {
    int permissions = attributes.mode() & ~Stat.TYPE_MASK;
    PosixAttributes directory = attributes.withMode(Stat.DIRECTORY | permissions);
    change(() -> names.makeDirectory(name, directory));
  }

  @Override
  public void rmdir(String name, boolean hasMarker) throws IOException {
    change(() -> names.removeDirectory(name, hasMarker));
  }

  @Override
  public void unlink(String name, RemoteFile remote) throws IOException {
    change(() -> names.unlink(name, remote));
  }

  @Override
  public void rename(List<Rename> renames) throws IOException {
    change(() -> names.rename(renames));
  }

  @Override
  public void setAttributes(String name, RemoteFile remote, PosixAttributes attributes)
      throws IOException {
    change(() -> names.setAttributes(name, remote, attributes));
  }

  // ---- state

  @Override
  public Pending pending() {
    ledger.lock.lock();
    try {
      long files = 0;
      long bytes = 0;
      for (Entry e : ledger.entries()) {
        if (e.local != null) {
          files++;
          bytes += e.local.sizeRoughly();
        }
      }
      long failed = ledger.queue.all().stream().filter(o -> o.refused).count();
      long leased = ledger.queue.all().stream().filter(o -> o.leased).count();
      Ledger.Counters c = ledger.counters;
      return new Pending(
          files,
          bytes,
          ledger.queue.all().size(),
          failed,
          leased,
          c.uploadedBytes,
          c.lastError,
          ledger.conflicts.newest());
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public List<Elsewhere> elsewhere() {
    return elsewhere;
  }

  @Override
  public List<Conflict> untoldConflicts(String prefix) {
    ledger.lock.lock();
    try {
      return ledger.conflicts.takeUntold(prefix);
    } finally {
      ledger.lock.unlock();
    }
  }

  @Override
  public void hurry() {
    ledger.hurry();
  }

  @Override
  public boolean flush(String prefix, boolean open, long timeoutNanos) throws InterruptedException {
    return new Flush(ledger, prefix, open).run(timeoutNanos);
  }

  @Override
  public void close() {
    ledger.lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      ledger.lock.unlock();
    }
    early.close();
    ledger.space.close();
    coordinator.close();
    fsyncs.close();
    ledger.lock.lock();
    try {
      boolean idle = true;
      for (Entry e : ledger.entries()) {
        idle = false;
        if (e.local != null) {
          e.local.abandon();
        }
      }
      if (idle && ledger.queue.all().isEmpty()) {
        session.remove();
      } else {
        session.close();
      }
      memory.remove();
    } catch (IOException e) {
      LOG.warn("the session's journal was not closed in order: {}", e.getMessage());
    } finally {
      ledger.lock.unlock();
    }
  }
}
