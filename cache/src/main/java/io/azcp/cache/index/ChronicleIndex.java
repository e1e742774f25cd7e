package io.azcp.cache.index;

import io.azcp.base.posix.Fd;
import io.azcp.cache.index.FolderIndex.Kept;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * An index in a Chronicle Map, a file that is mapped into memory. Only the pages that are used take
 * memory. The library compiles code when it is first used, which takes a second and more, and a JVM
 * with a compiler that was started with the flags it asks for; so this class is loaded only on a
 * thread that nobody waits for. Each value carries a checksum of its own. Thread-safe.
 */
final class ChronicleIndex implements Kept {
  /** Values, of some 2 KiB; more need a larger file. */
  private static final int ENTRIES = 60_000;

  private static final int KEY_BYTES = 40;
  private static final int VALUE_BYTES = 2000;

  /** An entry takes at most 64 of them. */
  private static final int CHUNK_BYTES = 512;

  private static final int SUM_BYTES = 4;
  private static final int FILE_MODE = 0600;

  private final ChronicleMap<byte[], byte[]> map;
  private final IndexFolder.Owner owner;
  private final AtomicBoolean ended = new AtomicBoolean();

  private ChronicleIndex(ChronicleMap<byte[], byte[]> map, IndexFolder.Owner owner) {
    this.map = map;
    this.owner = owner;
  }

  /** Opens a file that was closed before, or makes a new one. */
  static ChronicleIndex open(File file, IndexFolder.Owner owner, IndexRoom room)
      throws IOException {
    // Before the first of its classes is loaded: it would tell its makers of each start.
    System.setProperty("chronicle.analytics.disable", "true");
    // It announces itself on standard error otherwise.
    System.setProperty("chronicle.announcer.disable", "true");
    boolean fresh = !file.exists();
    ChronicleMap<byte[], byte[]> map =
        ChronicleMapBuilder.of(byte[].class, byte[].class)
            .name("azcp")
            .entries(ENTRIES)
            .averageKeySize(KEY_BYTES)
            .averageValueSize(VALUE_BYTES)
            .actualChunkSize(CHUNK_BYTES)
            .createPersistedTo(file);
    try {
      if (fresh) {
        // A page that the disk has no room for would be a fault in the middle of a write.
        room.take(file.length(), () -> allocate(file));
      }
    } catch (IOException e) {
      map.close();
      throw e;
    }
    return new ChronicleIndex(map, owner);
  }

  private static void allocate(File file) throws IOException {
    int fd = Fd.open(file.getPath(), Fd.O_RDWR | Fd.O_CLOEXEC, 0);
    try {
      Fd.chmod(fd, FILE_MODE);
      Fd.allocate(fd, 0, file.length());
    } finally {
      Fd.close(fd);
    }
  }

  @Override
  public byte[] get(byte[] key) {
    byte[] kept = map.get(key);
    if (kept == null) {
      return null;
    }
    if (kept.length < SUM_BYTES) {
      throw damaged();
    }
    byte[] value = new byte[kept.length - SUM_BYTES];
    ByteBuffer all = ByteBuffer.wrap(kept);
    int sum = all.getInt();
    all.get(value);
    if (sum != sum(key, value)) {
      throw damaged();
    }
    return value;
  }

  private static RuntimeException damaged() {
    return new UncheckedIOException(new IOException("an entry is damaged"));
  }

  private static int sum(byte[] key, byte[] value) {
    CRC32C sum = new CRC32C();
    sum.update(key);
    sum.update(value);
    return (int) sum.getValue();
  }

  @Override
  public void put(byte[] key, byte[] value) {
    if (key.length > MOST_KEY || value.length > MOST_VALUE) {
      map.remove(key);
      return;
    }
    byte[] kept = new byte[SUM_BYTES + value.length];
    ByteBuffer.wrap(kept).putInt(sum(key, value)).put(value);
    map.put(key, kept);
  }

  @Override
  public void remove(byte[] key) {
    map.remove(key);
  }

  @Override
  public void removeIf(Predicate<byte[]> key) {
    map.forEachEntry(
        entry -> {
          if (key.test(entry.key().get())) {
            entry.doRemove();
          }
        });
  }

  @Override
  public long size() {
    return map.longSize();
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      map.close();
      owner.closed();
    }
  }

  @Override
  public void discard() {
    if (ended.compareAndSet(false, true)) {
      try {
        map.close();
      } finally {
        owner.discarded();
      }
    }
  }
}
