package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.cache.index.Index;
import io.azcp.config.Consistency;
import io.azcp.config.MappingRule;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import io.azcp.fs.writeback.Writeback;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rule at work: a blob prefix, its cache, its changes, and what is known of its names. Names
 * are relative to the rule. Thread-safe.
 */
public final class Volume {
  private static final Logger LOG = LoggerFactory.getLogger(Volume.class);

  /** How long an absent name is believed to be absent. */
  static final long ABSENT_TTL_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long an open for writing waits for uploads to make room. */
  private static final Duration ROOM_WAIT = Duration.ofSeconds(10);

  /** So many parts of what the folder may hold may wait for their upload. */
  private static final int DIRTY_SHARE = 4;

  private static final int DIRTY_PARTS = 5;

  /** The kernel opens again at once after ESTALE. */
  private static final long REOPEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MappingRule rule;
  private final BlobService service;
  private final Cache cache;
  private final Writeback writeback;
  private final Executor calls;
  private final Ownership ownership;
  private final LongSupplier clock;
  private final int listedNames;
  private final long startedNanos = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  private final ReentrantLock changes = new ReentrantLock();
  private final OutstandingRequests outstanding = new OutstandingRequests();
  private final LongAdder hidden = new LongAdder();
  private final Outage outage;
  private final Listings listings;
  private final NameProbe probe;
  private final KnownNames names;
  private final OfflineNames offlineNames;
  private final Finder finder;
  private final Map<String, Long> reopens = new ConcurrentHashMap<>();
  private final Siblings siblings;
  private final DirectoryTimes directoryTimes = new DirectoryTimes();
  private final DirtyLimit dirtyLimit;
  private volatile BiConsumer<Volume, String> arrivals = (v, directory) -> {};

  /**
   * A rule at work.
   *
   * @param rule the rule
   * @param service its account
   * @param cache its cache folder
   * @param writeback its changes
   * @param calls bounded threads that requests to the service may block
   * @param ownership owners and permissions of what carries none
   * @param clock nanoseconds, times out what is known; {@link System#nanoTime}
   * @param index where its listings are kept; stays the caller's
   */
  public Volume(
      MappingRule rule,
      BlobService service,
      Cache cache,
      Writeback writeback,
      Executor calls,
      Ownership ownership,
      LongSupplier clock,
      Index index) {
    this(rule, service, cache, writeback, calls, ownership, clock, Listings.MAX_NAMES, index);
  }

  /** The same with listings of so many names kept, and asked for in pages of so many. */
  Volume(
      MappingRule rule,
      BlobService service,
      Cache cache,
      Writeback writeback,
      Executor calls,
      Ownership ownership,
      LongSupplier clock,
      int listedNames,
      Index index) {
    this.rule = rule;
    this.service = service;
    this.cache = cache;
    this.writeback = writeback;
    this.calls = calls;
    this.ownership = ownership;
    this.clock = clock;
    this.listedNames = listedNames;
    this.outage = new Outage("container " + rule.account().containerName(), clock);
    this.listings = new Listings(this);
    this.probe = new NameProbe(this);
    this.names = new KnownNames(this, index);
    writeback.onChange(names::changed);
    writeback.onDone(outage::answered);
    writeback.overlayDirectories().forEach(names::changed);
    this.offlineNames = new OfflineNames(this);
    this.finder = new Finder(this);
    this.siblings = new Siblings(this);
    this.dirtyLimit =
        new DirtyLimit(
            this::mayWait, () -> writeback.pending().bytes(), writeback::hurry, calls, ROOM_WAIT);
  }

  /** How much may wait for its upload: as the rule says, else most of what the folder may hold. */
  private long mayWait(long pending) {
    long told = rule.writing().maxDirtyBytes();
    if (told != Long.MAX_VALUE) {
      return told;
    }
    try {
      // What waits is not counted as the cache's.
      long all = cache.capacityBytes() + pending;
      return all / DIRTY_PARTS * DIRTY_SHARE;
    } catch (IOException unknown) {
      return Long.MAX_VALUE;
    }
  }

  /** The rule. */
  public MappingRule rule() {
    return rule;
  }

  /** Its cache folder. */
  public Cache cache() {
    return cache;
  }

  /** Its changes. */
  public Writeback writeback() {
    return writeback;
  }

  /**
   * An earlier mount's index is about to take the place of the one that has served since the start.
   * Waits for nothing.
   */
  public void taking(Index earlier) {
    names.taking(earlier);
  }

  /** Whether the service was away when last asked. */
  public boolean offline() {
    return outage.away();
  }

  /** Tells that the service is away, so that what is known here serves at once. */
  public void away(AzcpException why) {
    outage.failed(why);
  }

  /** Names seen that cannot be shown: no path can hold them, or a directory has their name. */
  public long hiddenNames() {
    return hidden.sum();
  }

  /**
   * Forgets what is known of a name and all below it, so that the service is asked again. What is
   * whole in the cache stays there: under {@link Consistency#CACHED} it goes on being believed.
   * Where the service was away, too, it is asked at once.
   */
  public void refresh(String name) {
    outage.askAgain();
    listings.forget(name);
    listings.forgetOne(Paths.parent(name));
    probe.forget(name);
    // Own changes that the service has are the service's to tell of, too.
    long now = System.nanoTime();
    for (String overlaid : writeback.overlayDirectories()) {
      if (overlaid.equals(Paths.parent(name)) || Paths.lies(overlaid, name)) {
        listingArrived(overlaid, now);
      }
    }
  }

  /** The name is about to be opened again, with what was answered just now. */
  void reopens(String name) {
    long now = System.nanoTime();
    reopens.values().removeIf(since -> now - since > REOPEN_NANOS);
    reopens.put(name, now);
  }

  /** Whether an open of the name is the one that {@link #reopens} told of; true once. */
  boolean reopened(String name) {
    Long since = reopens.remove(name);
    return since != null && System.nanoTime() - since < REOPEN_NANOS;
  }

  LongAdder hidden() {
    return hidden;
  }

  BlobService service() {
    return service;
  }

  String container() {
    return rule.account().containerName();
  }

  Executor calls() {
    return calls;
  }

  Ownership ownership() {
    return ownership;
  }

  OutstandingRequests outstanding() {
    return outstanding;
  }

  Outage outage() {
    return outage;
  }

  Listings listings() {
    return listings;
  }

  NameProbe probe() {
    return probe;
  }

  KnownNames names() {
    return names;
  }

  OfflineNames offlineNames() {
    return offlineNames;
  }

  Finder finder() {
    return finder;
  }

  Siblings siblings() {
    return siblings;
  }

  DirectoryTimes directoryTimes() {
    return directoryTimes;
  }

  /** Lets opens for writing wait. */
  DirtyLimit dirtyLimit() {
    return dirtyLimit;
  }

  /** Held while a name is looked at and changed; never across a request to the service. */
  ReentrantLock changes() {
    return changes;
  }

  long now() {
    return clock.getAsLong();
  }

  long ttlNanos() {
    return rule.attrTtl().toNanos();
  }

  /** How long an absent name is believed to be absent. */
  long absentTtlNanos() {
    return Math.min(ABSENT_TTL_NANOS, ttlNanos());
  }

  Consistency consistency() {
    return rule.consistency();
  }

  /** Whether what was known before stands in for a service that is away. */
  boolean servesOld() {
    return rule.consistency() != Consistency.OPEN && outage.away();
  }

  /** What every blob below a directory starts with. */
  String listPrefix(String directory) {
    return directory.isEmpty() ? rule.blobPrefix() : rule.blobName(directory) + "/";
  }

  /** Up to how many names a directory is kept; a page of the service holds as many. */
  int listedNames() {
    return listedNames;
  }

  /** A page of a directory, with metadata. */
  ListQuery page(String directory, String marker) {
    return new ListQuery(listPrefix(directory), true, marker, listedNames, true);
  }

  /** A directory for a message. */
  String describe(String directory) {
    return container() + "/" + rule.blobName(directory);
  }

  /** A directory that only the names below it make one. */
  Found.Directory impliedDirectory() {
    return new Found.Directory(ownership.directory(startedNanos), null);
  }

  /** What a blob is in the tree. */
  Found found(String name, BlobProperties p) {
    PosixAttributes attributes = BlobAttributes.of(p, ownership, rule.specialFiles());
    BlobVersion version = new BlobVersion(p.etag(), p.length(), p.lastModified(), p.contentMd5());
    RemoteFile file =
        new RemoteFile(name, version, attributes, p.metadata(), p.contentType(), p.tier());
    return p.isFolder() ? new Found.Directory(attributes, file) : new Found.Remote(file, 0);
  }

  /** Refuses what lies in the archive tier and not here. */
  void checkReadable(RemoteFile file) throws AzcpException {
    if (file.archived()) {
      String url = service.account().at(container(), rule.blobName(file.blob())).toString();
      var refusal =
          new AzcpException(
              Errno.EACCES,
              url
                  + " is in the tier Archive; bring it back with 'azcp tier hot' or 'azcp tier"
                  + " cool', which takes hours, and open it then");
      LOG.warn("{}", refusal.getMessage());
      throw refusal;
    }
  }

  /** Refuses changes to a read-only rule. */
  void checkWritable() throws AzcpException {
    if (rule.readOnly()) {
      throw new AzcpException(
          Errno.EROFS, rule.local() + " is mounted read-only; remove read_only from its rule");
    }
  }

  /** Who wants to know of listings before the overlay is trimmed by them. */
  void onArrival(BiConsumer<Volume, String> listener) {
    arrivals = listener;
  }

  /**
   * A listing was put into the index: where names of the directory are overlaid, it is none for the
   * next mount. A change that comes later tells so itself.
   */
  void checkLasting(String directory) {
    if (!writeback.overlayChildren(directory).isEmpty()) {
      names.changed(directory);
    }
  }

  /** A complete listing that was asked for then is installed. */
  void listingArrived(String directory, long ticketNanos) {
    arrivals.accept(this, directory);
    writeback.listingArrived(directory, outstanding.oldest(ticketNanos));
  }
}
