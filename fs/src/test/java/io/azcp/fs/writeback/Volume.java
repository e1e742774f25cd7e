package io.azcp.fs.writeback;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.AzcpException;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Stat;
import io.azcp.cache.CachedFile;
import io.azcp.config.WritePolicy;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.FaultyBlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.MemoryBlobService;
import io.azcp.transfer.blob.PutOptions;
import io.azcp.transfer.engine.Workers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A write-back over a memory service, as the tree uses it: whole calls (write a file, append, move,
 * remove) from what the overlay and the service tell. It can be killed and started again.
 */
final class Volume implements AutoCloseable {
  static final String CONTAINER = "box";
  static final String PREFIX = "data/";
  static final Duration QUIET = Duration.ofMillis(30);
  private static final long FLUSH_SECONDS = 60;

  final MemoryBlobService memory;
  final FaultyBlobService service;
  final FileSessions sessions;
  final FolderCache cache;
  private final Path folder;
  private MortalService connection;
  private Workers workers;
  VolumeWriteback writeback;
  WritebackOptions options = options(false, false, QUIET);
  String bootId = "boot-1";

  /** By how many milliseconds the service's clock is ahead of this machine's. */
  final AtomicLong serviceAhead;

  /** How far the service's clock is said to be ahead of ours. */
  long clockAheadMillis;

  Volume(Path folder) throws IOException {
    this(folder, new AtomicLong());
  }

  private Volume(Path folder, AtomicLong serviceAhead) throws IOException {
    this(
        folder,
        new MemoryBlobService(() -> System.currentTimeMillis() + serviceAhead.get()),
        serviceAhead);
    memory.createContainer(CONTAINER);
  }

  /** Another mount of what the service has. */
  Volume(Path folder, Volume other) throws IOException {
    this(folder, other.memory, other.serviceAhead);
    options = other.options;
  }

  private Volume(Path folder, MemoryBlobService memory, AtomicLong serviceAhead)
      throws IOException {
    this.folder = folder;
    this.memory = memory;
    this.serviceAhead = serviceAhead;
    service = new FaultyBlobService(memory);
    java.nio.file.Files.createDirectories(folder);
    sessions = new FileSessions(folder);
    cache = new FolderCache(folder);
  }

  static WritebackOptions options(boolean closeRemote, boolean fsyncRemote, Duration quiet) {
    return new WritebackOptions(
        CONTAINER,
        PREFIX,
        closeRemote,
        fsyncRemote,
        quiet,
        4,
        Duration.ofMillis(10),
        Duration.ofMillis(200),
        Duration.ofMillis(100),
        Duration.ofSeconds(20),
        WritePolicy.DEFAULT);
  }

  /** The same for another prefix. */
  static WritebackOptions elsewhere(WritebackOptions o) {
    return new WritebackOptions(
        o.container(),
        "elsewhere/",
        o.closeRemote(),
        o.fsyncRemote(),
        o.quiet(),
        o.coordinators(),
        o.firstRetry(),
        o.lastRetry(),
        o.durableWithin(),
        o.syncDeadline(),
        o.policy());
  }

  /** Uploads wait until somebody flushes. */
  Volume holdUploads() {
    options = options(false, false, Duration.ofHours(1));
    return this;
  }

  /** From the next start on only an fsync brings closed files to stable storage. */
  void keepOffDisk() {
    WritebackOptions o = options;
    options =
        new WritebackOptions(
            o.container(),
            o.prefix(),
            o.closeRemote(),
            o.fsyncRemote(),
            o.quiet(),
            o.coordinators(),
            o.firstRetry(),
            o.lastRetry(),
            Duration.ofHours(1),
            o.syncDeadline(),
            o.policy());
  }

  Volume start() throws IOException {
    connection = new MortalService(service, clockAheadMillis);
    workers = new Workers("test-transfer", 4);
    writeback = VolumeWriteback.open(options, cache, connection, workers, sessions, bootId);
    return this;
  }

  /** kill −9: nothing of the process reaches disk or service any more. */
  void kill() {
    connection.kill();
    sessions.kill();
    writeback.close();
    workers.close();
  }

  /** Nothing reaches the service any more; the rest of the process goes on. */
  void cutConnection() {
    connection.kill();
  }

  void restart() throws IOException {
    kill();
    start();
  }

  void stop() {
    writeback.close();
    workers.close();
  }

  boolean flush() {
    try {
      return writeback.flush("", TimeUnit.SECONDS.toNanos(FLUSH_SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the uploads begin, and waits for none. */
  void hurry() throws InterruptedException {
    writeback.flush("", 1);
  }

  /** Flushes, and wants everything to have arrived. */
  void flushed() {
    assertThat(flush()).as("flush: %s", writeback.pending()).isTrue();
    assertThat(writeback.pending().operations()).isZero();
  }

  @Override
  public void close() {
    writeback.close();
    workers.close();
  }

  // ---- as the tree does it

  static PosixAttributes file(int permissions) {
    return new PosixAttributes(Stat.REGULAR | permissions, 1000, 100, 1_700_000_000_123_456_789L);
  }

  static PosixAttributes directory() {
    return new PosixAttributes(Stat.DIRECTORY | 0755, 1000, 100, 1_700_000_000_000_000_000L);
  }

  /** The file known under the name: by the overlay, else by the service; null for none. */
  RemoteFile known(String name) throws IOException {
    OverlayEntry entry = writeback.overlay(name).orElse(null);
    if (entry instanceof OverlayEntry.Remote r) {
      return r.file();
    }
    if (entry != null) {
      return null;
    }
    try {
      BlobProperties p = memory.head(CONTAINER, PREFIX + name);
      return new RemoteFile(name, Remote.version(p), file(0644), p.metadata(), p.contentType());
    } catch (AzcpException e) {
      return null;
    }
  }

  LocalFile local(String name) {
    return writeback.overlay(name).orElse(null) instanceof OverlayEntry.Local l ? l.file() : null;
  }

  /** open(O_CREAT | O_TRUNC), write, and leaves it open. */
  LocalFile begin(String name, String content) throws IOException {
    LocalFile file = writeback.create(name, file(0644), known(name), false);
    put(file, 0, content);
    return file;
  }

  /** close(2). */
  static void end(LocalFile file) {
    await(file::flush);
    file.released(true);
  }

  void write(String name, String content) throws IOException {
    end(begin(name, content));
  }

  /** Opens for writing without O_TRUNC, as the tree does; null when it is not there. */
  LocalFile reopen(String name) throws IOException {
    LocalFile local = local(name);
    if (local != null && local.opened(true)) {
      return local;
    }
    for (int look = 1; ; look++) {
      RemoteFile remote = known(name);
      if (remote == null) {
        return null;
      }
      try {
        fill(remote);
        try (CachedFile whole = cache.open(remote.blob(), remote.version())) {
          return writeback.takeOut(name, remote, whole);
        }
      } catch (AzcpException movedMeanwhile) {
        if (look == 5) {
          throw movedMeanwhile;
        }
      }
    }
  }

  /** Downloads into the cache what is not there. */
  private void fill(RemoteFile remote) throws IOException {
    if (!cache.isWhole(remote.blob(), remote.version())) {
      Path temporary = folder.resolve("fill");
      java.nio.file.Files.write(temporary, bytes(remote.blob()));
      cache.publish(temporary.toString(), remote.blob(), remote.version());
    }
  }

  boolean append(String name, String more) throws IOException {
    LocalFile file = reopen(name);
    if (file == null) {
      return false;
    }
    put(file, file.size(), more);
    end(file);
    return true;
  }

  void rename(String from, String to) throws IOException {
    RemoteFile target = local(to) == null ? known(to) : null;
    RemoteFile source = local(from) == null ? known(from) : null;
    writeback.rename(
        java.util.List.of(new Writeback.Rename(from, to, false, source, target, null)));
  }

  void unlink(String name) throws IOException {
    writeback.unlink(name, local(name) == null ? known(name) : null);
  }

  static void put(LocalFile file, long offset, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    Fd.pwriteFully(file.fd(), direct, offset);
    file.written();
  }

  /** A call that answers later. */
  interface Asynchronous {
    void call(LocalFile.Done done);
  }

  /** Waits for the answer; null for success. */
  static AzcpException await(Asynchronous call) {
    var answer = new CompletableFuture<java.util.Optional<AzcpException>>();
    call.call(failure -> answer.complete(java.util.Optional.ofNullable(failure)));
    return answer.orTimeout(60, TimeUnit.SECONDS).join().orElse(null);
  }

  // ---- the service

  byte[] bytes(String name) throws IOException {
    var out = new ByteArrayOutputStream();
    memory.get(
        CONTAINER,
        PREFIX + name,
        GetRange.ALL,
        (at, data) -> {
          byte[] b = new byte[data.remaining()];
          data.get(b);
          out.writeBytes(b);
        });
    return out.toByteArray();
  }

  /** Every file blob of the rule by its name, with its content. */
  Map<String, String> contents() {
    Map<String, String> all = new TreeMap<>();
    try {
      memory.list(
          CONTAINER,
          new ListQuery(PREFIX, false, "", ListQuery.MAX_PAGE, true),
          (name, p) -> {
            if (!p.isFolder()) {
              String relative = name.substring(PREFIX.length());
              all.put(relative, new String(bytes(relative), StandardCharsets.UTF_8));
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  BlobProperties head(String name) throws IOException {
    return memory.head(CONTAINER, PREFIX + name);
  }

  /** The same, some seconds from now by the service's clock. */
  void foreign(int seconds, String name, String content) throws IOException {
    serviceAhead.addAndGet(seconds * 1000L);
    try {
      foreign(name, content);
    } finally {
      serviceAhead.addAndGet(-seconds * 1000L);
    }
  }

  boolean exists(String name) {
    try {
      head(name);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Somebody else writes a blob. */
  void foreign(String name, String content) throws IOException {
    foreign(name, content, "");
  }

  /** The same of a content type. */
  void foreign(String name, String content, String contentType) throws IOException {
    memory.put(
        CONTAINER,
        PREFIX + name,
        BodySource.of(content.getBytes(StandardCharsets.UTF_8)),
        new PutOptions(contentType, "", Map.of("theirs", "yes"), Conditions.NONE));
  }

  long requests(FaultyBlobService.Operation operation) {
    return service.log(operation).size();
  }
}
