package io.azcp.fs.mount;

import io.azcp.cache.BlobVersion;
import io.azcp.cache.Cache;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.cache.index.FolderIndex;
import io.azcp.cache.index.IndexRoom;
import io.azcp.config.Consistency;
import io.azcp.config.MappingRule;
import io.azcp.fs.writeback.VolumeWriteback;
import io.azcp.fs.writeback.WritebackOptions;
import io.azcp.prefetch.BlobRangeSource;
import io.azcp.prefetch.EngineThreads;
import io.azcp.prefetch.Prepare;
import io.azcp.prefetch.PrepareListener;
import io.azcp.prefetch.PrepareNames;
import io.azcp.prefetch.PrepareOptions;
import io.azcp.prefetch.PrepareResult;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Predicate;

/** One rule's blobs and their cache folder, with or without a mount. Thread-safe. */
final class RuleStore implements AutoCloseable {
  /** A folder's first index waits until the first readers after the mount had the processor. */
  private static final long FRESH_INDEX_MILLIS = 5000;

  private final MappingRule rule;
  private final BlobService service;
  private final Workers workers;
  private final BlobRangeSource source;
  private final CacheFolder cache;
  private final FolderIndex index;

  private RuleStore(
      MappingRule rule,
      BlobService service,
      Workers workers,
      BlobRangeSource source,
      CacheFolder cache,
      FolderIndex index) {
    this.rule = rule;
    this.service = service;
    this.workers = workers;
    this.source = source;
    this.cache = cache;
    this.index = index;
  }

  /** Opens the cache folder. Service and workers stay the caller's. */
  static RuleStore open(
      MappingRule rule, BlobService service, Workers workers, boolean readableByOthers)
      throws IOException {
    var source = new BlobRangeSource(service, rule.account().containerName(), rule.blobPrefix());
    CacheOptions options =
        CacheOptions.of(rule.cache(), identity(service.account(), rule))
            .withLimit(rule.cacheLimitBytes())
            .withReadableByOthers(readableByOthers);
    CacheFolder cache = CacheFolder.open(options, source, EngineThreads.of(workers));
    FolderIndex index =
        FolderIndex.of(rule.cache(), options.identity(), FRESH_INDEX_MILLIS, room(cache, rule));
    return new RuleStore(rule, service, workers, source, cache, index);
  }

  private static IndexRoom room(Cache cache, MappingRule rule) {
    return new IndexRoom() {
      @Override
      public long limitBytes() {
        return rule.cacheLimitBytes();
      }

      @Override
      public void take(long bytes, Allocation allocation) throws IOException {
        if (!cache.addState(bytes, allocation::make)) {
          throw new IOException("the cache folder is full");
        }
      }
    };
  }

  /** Tells apart what two rules mirror: endpoint, container and prefix, without any secret. */
  static String identity(BlobUrl account, MappingRule rule) {
    String place =
        String.join(
            "\n",
            account.scheme(),
            account.host(),
            Integer.toString(account.port()),
            account.account(),
            rule.account().containerName(),
            rule.remote());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(place.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  MappingRule rule() {
    return rule;
  }

  BlobService service() {
    return service;
  }

  Workers workers() {
    return workers;
  }

  Cache cache() {
    return cache;
  }

  /** The folder's index, in memory until it is opened. */
  FolderIndex index() {
    return index;
  }

  /** Marks a file that lies in its place without a mark, where it is what the service has. */
  boolean adopt(String name, BlobVersion version) throws IOException {
    return cache.adopt(name, version);
  }

  /** Bytes fetched from the service into the cache since the start. */
  long fetchedBytes() {
    return source.fetchedBytes();
  }

  /** Where the rule's blobs are, without any secret. */
  String remote() {
    return remote(rule);
  }

  /** Where a rule's blobs are: account, container and prefix. */
  static String remote(MappingRule rule) {
    String place = rule.account().accountName() + "/" + rule.account().containerName();
    return rule.remote().isEmpty() ? place : place + "/" + rule.remote();
  }

  PrepareResult prepare(
      PrepareNames names,
      PrepareOptions options,
      Predicate<String> changedHere,
      PrepareListener listener)
      throws IOException {
    return new Prepare(
            service, rule.account().containerName(), rule.blobPrefix(), cache, workers, changedHere)
        .run(names, options, listener);
  }

  /** Opens the rule's changes: what an earlier session left is replayed. The caller closes them. */
  VolumeWriteback openChanges() throws IOException {
    return VolumeWriteback.open(WritebackOptions.of(rule), cache, service, workers);
  }

  /** Drops what is cached of a name and below it; see {@link Cache#evict}. */
  void evict(String name, boolean pinnedToo, Cache.EvictionListener listener) throws IOException {
    cache.evict(name, pinnedToo, listener);
  }

  /**
   * Makes the folder hold what the service has, where it is believed without asking: what is whole
   * of another version, or gone there, is dropped. Answers the files dropped.
   */
  long recheck(String name) throws IOException {
    // Without a mount: the next one must not believe what an earlier one listed.
    FolderIndex.forget(rule.cache());
    return rule.consistency() == Consistency.CACHED
        ? new Recheck(rule, service, cache).run(name)
        : 0;
  }

  @Override
  public void close() {
    index.close();
    cache.close();
  }
}
