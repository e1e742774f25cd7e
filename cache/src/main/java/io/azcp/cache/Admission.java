package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Room in a cache folder for files that come whole from elsewhere than its source, as from another
 * node. What is not used of it is given back by closing. Thread-safe.
 */
public final class Admission implements AutoCloseable {
  private static final long BLOCK = 512;

  private final CacheContext context;
  private long left;

  /** Makes the room, evicting what must go; {@code ENOSPC} where there is none. */
  Admission(CacheContext context, long bytes) throws IOException {
    this.context = context;
    context.room().reserve("what is to come", bytes, false);
    this.left = bytes;
  }

  /**
   * Publishes a finished file, as if its last range had just been fetched: with the version's time,
   * marked, read-only, under its name. One that lies there already, or a later one, stays.
   *
   * @param path the file, on the file system of the folder; gone afterwards
   * @param verified how its content was compared with the service's: {@code length} or {@code md5}
   */
  public void publish(String path, String name, BlobVersion version, String verified)
      throws IOException {
    int fd = Fd.open(path, Fd.O_RDONLY, 0);
    long bytes;
    try {
      Stat stat = Files.fstat(fd);
      bytes = stat.blocks() * BLOCK;
      WholeFiles.requireLength(stat, name, version);
      context.locks().holding(name, () -> place(fd, path, name, version, verified));
    } finally {
      Fd.close(fd);
    }
    Files.unlinkIfExists(path);
    giveBack(bytes);
    context.durability().published(name, version.etag());
  }

  private boolean place(int fd, String path, String name, BlobVersion version, String verified)
      throws IOException {
    if (isOlder(name, version)) {
      return false;
    }
    Fd.setTimes(fd, context.recency().now(), TimeUnit.MILLISECONDS.toNanos(version.lastModified()));
    context.wholes().place(fd, path, name, version, verified, 0);
    return true;
  }

  /** Whether the place holds this version already, or one of a later date. */
  private boolean isOlder(String name, BlobVersion version) throws IOException {
    Optional<WholeFiles.Found> there = context.wholes().find(name);
    if (there.isEmpty()) {
      return false;
    }
    try (var found = there.get()) {
      return found.whole()
          && (found.mark().version().etag().equals(version.etag())
              || found.mark().version().lastModified() > version.lastModified());
    }
  }

  private synchronized void giveBack(long bytes) {
    long part = Math.min(bytes, left);
    left -= part;
    context.room().giveBack(part);
  }

  /** Ends it: nothing more will come. */
  @Override
  public synchronized void close() {
    giveBack(left);
  }
}
