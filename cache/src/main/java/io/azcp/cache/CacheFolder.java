package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Xattr;
import io.azcp.cache.Occupancy.Counter;
import io.azcp.cache.WholeFiles.Found;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cache in a folder of a local file system. */
public final class CacheFolder implements Cache {
  private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);

  /** How long the counters of earlier processes are believed. */
  private static final long SURVEY_MILLIS = TimeUnit.HOURS.toMillis(1);

  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long DRAIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final CacheContext context;
  private final Occupancy occupancy;
  private final Eviction eviction;
  private final Discard discard;
  private final Pins pins;
  private final Changes changes;

  private CacheFolder(
      CacheContext context, Occupancy occupancy, Eviction eviction, Discard discard) {
    this.context = context;
    this.occupancy = occupancy;
    this.eviction = eviction;
    this.discard = discard;
    this.pins = discard.pins();
    this.changes = new Changes(context, pins);
  }

  /**
   * Opens a cache folder, making what is missing of it.
   *
   * @param source where missing bytes come from
   * @param threads where fetches run; they must go on until the cache is closed
   * @throws AzcpException where the folder cannot be used, in one sentence that says why
   */
  public static CacheFolder open(CacheOptions options, RangeSource source, FetchThreads threads)
      throws IOException {
    return open(options, source, threads, Recency.ofToday());
  }

  /** The same with a clock of its own. */
  static CacheFolder open(
      CacheOptions options, RangeSource source, FetchThreads threads, Recency recency)
      throws IOException {
    Layout layout = Layout.prepare(options.folder());
    var occupancy = new Occupancy(layout.state("locks"));
    var wholes = new WholeFiles(layout, options, marks(layout, options), occupancy);
    var partials = new PartialStore(layout, options, occupancy);
    var locks = new EntryLocks(layout.state("locks"));
    var discard = new Discard(locks, wholes, partials, new Pins(layout.state("pins")));
    var eviction = new Eviction(layout, recency, discard, occupancy);
    var room = new Room(options, occupancy, new Capacity(layout, options, occupancy), eviction);
    var fetched = new FetchedFiles(partials);
    var chores = new FolderChores(occupancy, eviction, room, fetched, wholes.held());
    var durability = new Durability(options, layout, locks, wholes, chores);
    var openFiles = new OpenFiles();
    var context =
        new CacheContext(
            options,
            layout,
            locks,
            wholes,
            partials,
            openFiles,
            new OwnChanges(),
            new ClaimWaiter(() -> openFiles.all().forEach(OpenFile::expire)),
            room,
            recency,
            durability,
            fetched,
            source,
            threads,
            new AtomicBoolean());
    durability.start();
    return new CacheFolder(context, occupancy, eviction, discard);
  }

  private static MarkStore marks(Layout layout, CacheOptions options) throws PosixException {
    if (options.forceMarksFolder()) {
      return new FolderMarks(layout.state("marks"));
    }
    int fd = Fd.open(layout.state("locks") + "/probe", Fd.O_RDWR, 0);
    try {
      Xattr.set(fd, XattrMarks.ATTRIBUTE, new byte[] {1});
      return new XattrMarks();
    } catch (PosixException e) {
      if (e.errno() == Errno.EOPNOTSUPP) {
        return new FolderMarks(layout.state("marks"));
      }
      throw e;
    } finally {
      Fd.close(fd);
    }
  }

  /** What the keeper does besides syncing. */
  private record FolderChores(
      Occupancy occupancy, Eviction eviction, Room room, FetchedFiles fetched, HeldFiles held)
      implements Durability.Chores {
    @Override
    public void survey() throws IOException {
      long age = System.currentTimeMillis() - occupancy.get(Counter.SCANNED_AT);
      if (age > SURVEY_MILLIS || age < 0) {
        eviction.walk();
      }
    }

    @Override
    public void trim() throws IOException {
      held.sweep(bytes -> {});
      room.trim();
    }

    @Override
    public void syncPartials() throws IOException {
      fetched.sync();
    }
  }

  @Override
  public String folder() {
    return context.layout().folder();
  }

  @Override
  public void makeRoom() throws IOException {
    context.room().trim();
  }

  @Override
  public boolean tight() throws IOException {
    return context.room().capacity().tight();
  }

  @Override
  public String path(String name) {
    return context.layout().whole(name);
  }

  @Override
  public CachedFile open(String name, BlobVersion version) throws IOException {
    OpenFile file =
        context.openFiles().acquire(new OpenFile.Key(name, version), () -> openNew(name, version));
    if (file instanceof PartialFile partial) {
      partial.publishIfComplete();
    } else {
      remarkIfOlder(name, version);
    }
    context.noteUse(file);
    return new Handle(context.openFiles(), file);
  }

  private OpenFile openNew(String name, BlobVersion version) throws IOException {
    Optional<Found> there = context.wholes().findInUse(name);
    if (there.isPresent()) {
      Found found = there.get();
      if (found.whole() && found.mark().version().sameContent(version)) {
        var whole = new WholeFile(context, name, version, found.fd());
        whole.usedAt(context.wholes().lastUse(found));
        return whole;
      }
      found.close();
    }
    return new PartialFile(context, name, version, openPartial(name, version));
  }

  /** A disk too full for a range map is answered by evicting, once. */
  private PartialStore.Opened openPartial(String name, BlobVersion version) throws IOException {
    context.room().open(PartialStore.overhead(version.length()));
    try {
      return context.partials().open(name, version);
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOSPC && e.errno() != Errno.EDQUOT) {
        throw e;
      }
      context.room().diskFull(name, RangeMap.UNIT);
      return context.partials().open(name, version);
    }
  }

  @Override
  public boolean isWhole(String name, BlobVersion version) throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      if (found == null || !found.whole()) {
        return false;
      }
      if (found.mark().version().etag().equals(version.etag())) {
        return true;
      }
      if (!found.mark().version().sameContent(version)) {
        return false;
      }
    }
    remarkIfOlder(name, version);
    return true;
  }

  /** Marks a whole file of the same content as the version that the service has now. */
  private void remarkIfOlder(String name, BlobVersion version) throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      if (found == null || !found.whole() || found.mark().version().equals(version)) {
        return;
      }
    }
    context.locks().holding(name, () -> remark(name, version));
  }

  private boolean remark(String name, BlobVersion version) throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      boolean due = found != null && found.whole() && found.mark().version().sameContent(version);
      if (due) {
        context.wholes().remark(found, name, version);
      }
      return due;
    }
  }

  @Override
  public OptionalLong lastUse(String name) throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      return found != null && found.whole()
          ? OptionalLong.of(context.wholes().lastUse(found))
          : OptionalLong.empty();
    }
  }

  @Override
  public Optional<BlobVersion> wholeVersion(String name) throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      return found != null && found.whole()
          ? Optional.of(found.mark().version())
          : Optional.empty();
    }
  }

  @Override
  public boolean holdsBelow(String directory) throws IOException {
    return context.wholes().isFolder(directory);
  }

  @Override
  public boolean dropOther(String name, BlobVersion now) throws IOException {
    return context.locks().holding(name, () -> context.wholes().dropOther(name, now));
  }

  @Override
  public long presentBytes(String name, BlobVersion version) throws IOException {
    return isWhole(name, version)
        ? version.length()
        : context.partials().presentBytes(context.partials().path(name, version));
  }

  /**
   * Verifies a file that lies unmarked in its place (an older program's cache) against the blob's
   * length and MD5, and marks it when they agree. Reads the file; not for a thread that answers the
   * kernel.
   *
   * @return whether the file is now whole, of that version
   */
  public boolean adopt(String name, BlobVersion version) throws IOException {
    return new Adoption(context).adopt(name, version);
  }

  /**
   * Makes room for files that come whole from elsewhere, evicting what must go.
   *
   * @throws AzcpException {@code ENOSPC} where so much cannot be had
   */
  public Admission admit(long bytes) throws IOException {
    return new Admission(context, bytes);
  }

  @Override
  public void takeOut(String name, BlobVersion version, String stagingPath) throws IOException {
    changes.takeOut(name, version, stagingPath);
  }

  @Override
  public void publish(String stagingPath, String name, BlobVersion version) throws IOException {
    changes.publish(stagingPath, name, version);
  }

  @Override
  public void move(String name, BlobVersion version, String newName, BlobVersion newVersion)
      throws IOException {
    changes.move(new OpenFile.Key(name, version), new OpenFile.Key(newName, newVersion));
  }

  @Override
  public void changing(String name, Change change) throws IOException {
    context.ownChanges().during(name, change);
  }

  @Override
  public long evict(String name) throws IOException {
    return discard.name(name);
  }

  @Override
  public void evict(String name, boolean pinnedToo, EvictionListener listener) throws IOException {
    discard.tree(context.layout(), name, pinnedToo, listener);
  }

  @Override
  public void pin(String name) throws IOException {
    pins.pin(name);
  }

  @Override
  public long unpin(String name) throws IOException {
    return pins.unpinAll(name);
  }

  @Override
  public boolean pinned(String name) {
    return pins.holds(name);
  }

  @Override
  public void forEachWhole(WholeVisitor visitor) throws IOException {
    new FolderScan(context.layout(), context.wholes())
        .run(
            found -> {
              Optional<String> name = context.wholes().nameOf(found.path(), found.mark());
              if (found.whole() && name.isPresent()) {
                visitor.file(name.get(), found.mark().version());
              }
              return true;
            });
  }

  @Override
  public Usage usage() {
    return new Usage(
        occupancy.get(Counter.WHOLE_FILES),
        occupancy.get(Counter.WHOLE_BYTES),
        occupancy.get(Counter.PARTIAL_FILES),
        occupancy.get(Counter.PARTIAL_BYTES),
        context.options().limitBytes());
  }

  @Override
  public long capacityBytes() throws IOException {
    return context.room().capacity().bytes();
  }

  @Override
  public boolean addState(long bytes, Change write) throws IOException {
    return context.room().addState(bytes, write::make);
  }

  @Override
  public String dirtyFolder() {
    return context.layout().state("dirty");
  }

  /** Stops fetching and waits for fetches under way, up to 10 s; handles are closed before. */
  @Override
  public void close() {
    if (!context.closing().compareAndSet(false, true)) {
      return;
    }
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (context.openFiles().all().stream().anyMatch(file -> !file.hasHandles())) {
      if (System.nanoTime() - deadline > 0) {
        LOG.warn("Fetches into the cache folder {} did not end within 10 s", folder());
        break;
      }
      LockSupport.parkNanos(DRAIN_PAUSE_NANOS);
    }
    eviction.stop();
    context.claims().close();
    context.durability().close();
    context.locks().close();
    occupancy.close();
  }
}
