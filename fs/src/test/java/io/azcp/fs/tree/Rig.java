package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.cache.CacheFolder;
import io.azcp.cache.CacheOptions;
import io.azcp.cache.index.Index;
import io.azcp.cache.index.MemoryIndex;
import io.azcp.config.Consistency;
import io.azcp.config.MappingRule;
import io.azcp.config.StorageAccount;
import io.azcp.config.WritePolicy;
import io.azcp.fs.writeback.VolumeWriteback;
import io.azcp.fs.writeback.Writeback;
import io.azcp.fs.writeback.WritebackOptions;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service in memory and volumes of one container over it, with real cache folders and real
 * write-back whose uploads wait for {@link #commit}. What is known of the service times out by a
 * clock of its own.
 */
final class Rig implements AutoCloseable {
  static final String BOX = "box";
  static final Ownership OWNERSHIP = new Ownership(0, 0, 022, false);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long INDEX_BYTES = 64 << 20;
  private static final long COMMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  final MemoryBlobService memory = new MemoryBlobService();
  final FaultyBlobService faulty = new FaultyBlobService(memory);
  final LateListings service = new LateListings(faulty);
  private final AtomicLong clock = new AtomicLong(1_000_000_000L);
  private final ExecutorService calls = Executors.newFixedThreadPool(6);
  private final Workers workers = new Workers("tree-test", 4);
  private final List<Writeback> writebacks = new ArrayList<>();
  private final List<Cache> caches = new ArrayList<>();
  private final Path folder;
  private final Consistency consistency;

  /** How the rules of volumes made from now on treat what is written. */
  WritePolicy policy = WritePolicy.DEFAULT;

  Rig(Path folder) throws IOException {
    this(folder, Consistency.TTL);
  }

  /** Owners in volumes made from now on. */
  Ownership ownership = OWNERSHIP;

  /** Whether volumes made from now on keep special files. */
  boolean specialFiles;

  Rig(Path folder, Consistency consistency) throws IOException {
    this.folder = folder;
    this.consistency = consistency;
    memory.createContainer(BOX);
  }

  /** A rule for a prefix of the container. */
  MappingRule rule(String remote, Path cache, boolean readOnly) {
    StorageAccount account = new StorageAccount("a", "a.yaml", "acc", "k", null, BOX, null, false);
    return new MappingRule(
        "data",
        remote,
        cache.toString(),
        account,
        false,
        false,
        readOnly,
        specialFiles,
        NEVER,
        Duration.ofSeconds(60),
        consistency,
        policy,
        Long.MAX_VALUE,
        "test");
  }

  private static Cache cache(
      Path folder, MappingRule rule, BlobService service, ExecutorService calls)
      throws IOException {
    return CacheFolder.open(
        CacheOptions.of(folder.toString(), BOX + "/" + rule.blobPrefix()),
        (name, version, offset, length, sink) ->
            service.get(
                BOX, rule.blobName(name), GetRange.of(offset, length, version.etag()), sink::write),
        (urgent, fetch) -> calls.execute(fetch));
  }

  /** A new volume with an empty cache. */
  Volume volume(String remote, boolean readOnly, int listedNames) throws IOException {
    return volume(remote, readOnly, listedNames, new MemoryIndex(INDEX_BYTES));
  }

  /** The same with an index. */
  Volume volume(String remote, boolean readOnly, int listedNames, Index index) throws IOException {
    Path place = folder.resolve("cache-" + caches.size());
    MappingRule rule = rule(remote, place, readOnly);
    Cache cache = cache(place, rule, faulty, calls);
    caches.add(cache);
    Writeback writeback = VolumeWriteback.open(options(rule), cache, faulty, workers);
    writebacks.add(writeback);
    return over(rule, cache, writeback, listedNames, index);
  }

  /** A volume that knows nothing yet, over the cache and the changes of another one. */
  Volume again(Volume other, boolean readOnly) {
    return again(other, readOnly, Listings.MAX_NAMES, new MemoryIndex(INDEX_BYTES));
  }

  /** The same with an index. */
  Volume again(Volume other, boolean readOnly, int listedNames, Index index) {
    MappingRule rule = rule(other.rule().remote(), Path.of(other.cache().folder()), readOnly);
    return over(rule, other.cache(), other.writeback(), listedNames, index);
  }

  private Volume over(
      MappingRule rule, Cache cache, Writeback writeback, int listedNames, Index index) {
    return new Volume(
        rule, service, cache, writeback, calls, ownership, clock::get, listedNames, index);
  }

  private static WritebackOptions options(MappingRule rule) {
    return new WritebackOptions(
        BOX,
        rule.blobPrefix(),
        false,
        false,
        NEVER,
        4,
        Duration.ofMillis(20),
        Duration.ofMillis(200),
        Duration.ofSeconds(2),
        Duration.ofSeconds(20),
        rule.writing());
  }

  /** A tree with one volume at its top. */
  static MountedTree mount(Volume volume) {
    Tree tree = new Tree(Map.of("", volume), OWNERSHIP);
    tree.passthrough(true);
    return new MountedTree(tree);
  }

  void put(String blob, String text) throws IOException {
    put(blob, text, Map.of());
  }

  /** Somebody else writes a blob. */
  void put(String blob, String text, Map<String, String> metadata) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    PutOptions options = new PutOptions("", "", metadata, Conditions.NONE);
    memory.put(BOX, blob, BodySource.of(bytes), options);
  }

  /** What a blob's metadata are. */
  Map<String, String> metadata(String blob) throws IOException {
    return memory.head(BOX, blob).metadata();
  }

  /** Whether the service has a blob. */
  boolean holds(String blob) throws IOException {
    try {
      memory.head(BOX, blob);
      return true;
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      return false;
    }
  }

  /** Brings all that is closed to the service. */
  void commit() {
    try {
      for (Writeback w : writebacks) {
        if (!w.flush("", COMMIT_NANOS)) {
          throw new IllegalStateException("not committed: " + w.pending());
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Lets everything known of the service time out. */
  void expire() {
    later(61);
  }

  /** Lets so many seconds pass for what is known of the service. */
  void later(int seconds) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Override
  public void close() {
    writebacks.forEach(Writeback::close);
    caches.forEach(Cache::close);
    workers.close();
    calls.shutdown();
  }
}
