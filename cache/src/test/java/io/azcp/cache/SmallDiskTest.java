package io.azcp.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Identity;
import io.azcp.base.posix.Mounts;
import io.azcp.base.posix.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * More data than the cache can hold, one file of it larger than all of the cache, read by two
 * mounts at once: every byte is right, and a sampler never sees more than is allowed.
 */
@Timeout(300)
class SmallDiskTest {
  private static final long MIB = 1 << 20;
  private static final int READ = 128 << 10;
  private static final int DETACH = 2;

  @TempDir Path temporary;
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong leastFree = new AtomicLong(Long.MAX_VALUE);
  private TestThreads threads;
  private String disk;

  @BeforeEach
  void start() {
    threads = new TestThreads(8);
  }

  @AfterEach
  void end() throws IOException {
    threads.close();
    if (disk != null) {
      Mounts.unmount(disk, DETACH);
    }
  }

  /** Blobs whose bytes follow from their offset and their name. */
  private static final class Pattern implements RangeSource {
    static byte at(String name, long offset) {
      return (byte) (name.length() * 31L + name.hashCode() + offset + (offset >> 12) * 7);
    }

    @Override
    public void fetch(String name, BlobVersion version, long offset, long length, Sink sink)
        throws IOException {
      ByteBuffer piece = Native.buffer(READ);
      for (long at = offset; at < offset + length; at += piece.limit()) {
        piece.clear().limit((int) Math.min(READ, offset + length - at));
        for (int i = 0; i < piece.limit(); i++) {
          piece.put(i, at(name, at + i));
        }
        sink.write(at, piece);
        piece.position(0);
      }
    }
  }

  /** A name and its length. */
  private record Blob(String name, long length) {
    BlobVersion version() {
      return new BlobVersion("0x" + name, length, 1_700_000_000_000L, "");
    }
  }

  private static List<Blob> blobs(int count, long each, long large) {
    List<Blob> blobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      blobs.add(new Blob("d" + i % 7 + "/" + i, each + i));
    }
    blobs.add(new Blob("large", large));
    return blobs;
  }

  /** Reads as a mount does: faults, and past the cache where there is no room. */
  private static byte[] read(CachedFile file, long offset, int length) throws Exception {
    var answer = new CompletableFuture<byte[]>();
    file.ensure(
        offset,
        length,
        true,
        new CachedFile.FaultListener() {
          @Override
          public void ready() {
            try {
              answer.complete(Fault.peek(file, offset, length));
            } catch (IOException e) {
              answer.completeExceptionally(e);
            }
          }

          @Override
          public void failed(AzcpException reason) {
            if (reason.errno() == Errno.ENOSPC) {
              past(file, offset, length, answer);
            } else {
              answer.completeExceptionally(reason);
            }
          }
        });
    return answer.get(60, TimeUnit.SECONDS);
  }

  private static void past(
      CachedFile file, long offset, int length, CompletableFuture<byte[]> answer) {
    file.readPast(
        offset,
        length,
        new CachedFile.PastListener() {
          @Override
          public void bytes(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            answer.complete(bytes);
          }

          @Override
          public void failed(AzcpException reason) {
            answer.completeExceptionally(reason);
          }
        });
  }

  private static void readAll(Cache cache, Blob blob) throws Exception {
    try (CachedFile file = cache.open(blob.name(), blob.version())) {
      for (long at = 0; at < blob.length(); at += READ) {
        int length = (int) Math.min(READ, blob.length() - at);
        byte[] bytes = read(file, at, length);
        assertThat(bytes).hasSize(length);
        for (int i = 0; i < length; i++) {
          if (bytes[i] != Pattern.at(blob.name(), at + i)) {
            throw new AssertionError(blob + " is wrong at " + (at + i));
          }
        }
      }
    }
  }

  /** Reads all by two readers each of two mounts, every one in an order of its own. */
  private void readEverything(CacheOptions options, List<Blob> blobs) throws Exception {
    try (var one = CacheFolder.open(options, new Pattern(), threads);
        var other = CacheFolder.open(options, new Pattern(), threads)) {
      List<CompletableFuture<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Cache cache = i % 2 == 0 ? one : other;
        List<Blob> mine = new ArrayList<>(blobs.subList(0, blobs.size() - 1));
        java.util.Collections.shuffle(mine, new Random(i));
        List<Blob> part = mine.subList(0, mine.size() / 4);
        if (i < 2) {
          part.add(1, blobs.get(blobs.size() - 1));
        }
        readers.add(start(cache, part));
      }
      Thread sampler = new Thread(() -> sample(options.folder()), "sampler");
      sampler.start();
      try {
        for (CompletableFuture<Void> reader : readers) {
          reader.get(4, TimeUnit.MINUTES);
        }
      } finally {
        over.set(true);
        sampler.join();
      }
    }
  }

  private static CompletableFuture<Void> start(Cache cache, List<Blob> blobs) {
    var done = new CompletableFuture<Void>();
    new Thread(
            () -> {
              try {
                for (Blob blob : blobs) {
                  readAll(cache, blob);
                }
                done.complete(null);
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            },
            "reader")
        .start();
    return done;
  }

  /** Asks the file system itself: a walk would count files that come and go while it goes on. */
  private void sample(String folder) {
    try {
      while (!over.get()) {
        Files.Space space = Files.space(folder);
        leastFree.accumulateAndGet(space.availableBytes(), Math::min);
        most.accumulateAndGet(space.totalBytes() - space.availableBytes(), Math::max);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void mountDisk(String size) throws IOException {
    Assumptions.assumeTrue(Identity.euid() == 0, "mounting needs root");
    String place = temporary.resolve("disk").toString();
    Files.mkdirs(place, 0700);
    Mounts.mount("tmpfs", place, "tmpfs", 0, "size=" + size);
    disk = place;
  }

  // semantics: cache-full
  @Test
  void aGibibyteThroughADiskOfAHundredMebibytes() throws Exception {
    mountDisk("100m");
    List<Blob> blobs = blobs(60, 12 * MIB, 304 * MIB);
    readEverything(CacheOptions.of(disk + "/cache", "small"), blobs);
    assertThat(most.get()).as("most bytes sampled").isGreaterThan(50 * MIB);
  }

  @Test
  void aLimitIsNeverPassed() throws Exception {
    mountDisk("400m");
    List<Blob> blobs = blobs(400, MIB / 4, 60 * MIB);
    CacheOptions options = CacheOptions.of(disk + "/cache", "small").withLimit(30 * MIB);
    readEverything(options, blobs);
    // An evicted file that the other mount is just looking at gives its blocks back a moment later:
    // a quarter of a mebibyte for each thread of either.
    assertThat(most.get()).as("most bytes sampled").isBetween(20 * MIB, 34 * MIB);
  }

  @Test
  void readersAreReadAheadLessOnASmallDisk() throws Exception {
    mountDisk("100m");
    CacheOptions options = CacheOptions.of(disk + "/cache", "small").withLimit(400 * MIB);
    Layout layout = Layout.prepare(options.folder());
    var occupancy = new Occupancy(layout.state("locks"));
    var capacity = new Capacity(layout, options, occupancy);
    var room = new Room(options, occupancy, capacity, null);
    assertThat(room.longestWindow()).as("by the limit, before a look").isEqualTo(25 * MIB);
    room.open(0);
    assertThat(room.longestWindow()).as("by the disk").isBetween(5 * MIB, 6 * MIB);
  }

  @Test
  void whatIsFetchedToBeChangedMayPassTheLimitAndNotTheDisk() throws Exception {
    mountDisk("60m");
    CacheOptions options = CacheOptions.of(disk + "/cache", "small").withLimit(16 * MIB);
    var fits = new Blob("fits", 40 * MIB);
    var large = new Blob("large", 56 * MIB);
    try (var cache = CacheFolder.open(options, new Pattern(), threads)) {
      readAll(cache, new Blob("before", 8 * MIB));
      try (CachedFile file = cache.open("fits", fits.version())) {
        assertThatThrownBy(() -> Fault.read(file, 0, (int) fits.length()))
            .isInstanceOfSatisfying(
                AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
        file.willBeChanged();
        // what is still under way from the first read may be refused as that was
        byte[] all =
            await()
                .ignoreExceptionsInstanceOf(AzcpException.class)
                .until(() -> Fault.read(file, 0, (int) fits.length()), Objects::nonNull);
        assertThat(all[(int) fits.length() - 1]).isEqualTo(Pattern.at("fits", fits.length() - 1));
        assertThat(file.whole()).isTrue();
        cache.takeOut("fits", fits.version(), cache.dirtyFolder() + "/taken");
      }
      assertThat(cache.usage().wholeBytes() + cache.usage().partialBytes()).isLessThan(16 * MIB);
      Files.unlinkIfExists(disk + "/cache/.azcp/dirty/taken");
      try (CachedFile file = cache.open("large", large.version())) {
        file.willBeChanged();
        assertThatThrownBy(() -> Fault.read(file, 0, (int) large.length()))
            .isInstanceOfSatisfying(
                AzcpException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOSPC));
      }
    }
  }

  @Test
  void aDiskFilledByOthersLeavesReadsAlive() throws Exception {
    mountDisk("60m");
    int filler = Fd.open(disk + "/filler", Fd.O_RDWR | Fd.O_CREAT, 0600);
    try {
      List<Blob> blobs = blobs(20, 2 * MIB, 20 * MIB);
      Fd.allocate(filler, 0, 50 * MIB);
      readEverything(CacheOptions.of(disk + "/cache", "small"), blobs);
      // The floor is 5 MiB; the other mount may be freeing files while this one looks at the disk.
      assertThat(leastFree.get()).as("least free bytes sampled").isPositive();
      try (var cache =
              CacheFolder.open(CacheOptions.of(disk + "/cache", "small"), new Pattern(), threads);
          CachedFile open = cache.open("large", blobs.get(20).version())) {
        Fd.allocate(filler, 0, 50 * MIB + Files.space(disk).availableBytes());
        assertThat(Files.space(disk).availableBytes()).isZero();
        assertThat(read(open, 19 * MIB, READ)[5]).isEqualTo(Pattern.at("large", 19 * MIB + 5));
        readAll(cache, blobs.get(3));
      }
    } finally {
      Fd.close(filler);
    }
  }
}
