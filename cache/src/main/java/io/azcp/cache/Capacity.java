package io.azcp.cache;

import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import io.azcp.cache.Occupancy.Counter;
import java.io.IOException;

/**
 * How much a folder may hold at this moment: its size limit, less what waits there to be uploaded,
 * the journals and the index, and what its disk leaves above a floor of free space. The floor is a
 * twentieth of the disk but at least 4 GiB, at most a tenth of a small disk, and never more than
 * half of what the cache and the free space make together: a disk that others have filled leaves a
 * cache half of what there is. Thread-safe.
 */
final class Capacity {
  private static final long LEAST_FLOOR = 4L << 30;
  private static final int FLOOR_PART = 20;
  private static final int SMALL_DISK_PART = 10;
  private static final long BLOCK = 512;

  /** How old a measure of the disk or of the unsent files may be. */
  private static final long FRESH_NANOS = 100_000_000L;

  /** Looking takes at most one part in so many of the time. */
  private static final int LOOK_PART = 20;

  /** Room for what is counted a moment after it came: maps of files that are being opened. */
  private static final long STATE_BYTES = 1 << 20;

  private static final int STATE_PART = 50;

  private final String folder;
  private final String dirtyFolder;
  private final String indexFolder;
  private final long limitBytes;
  private final Occupancy occupancy;
  private boolean looked;
  private long lookedAt;
  private long byDisk;
  private long dirty;
  private long dirtyLookAfter = System.nanoTime();
  private long stateSeen;
  private volatile long last;

  Capacity(Layout layout, CacheOptions options, Occupancy occupancy) {
    this.folder = layout.folder();
    this.dirtyFolder = layout.state("dirty");
    this.indexFolder = layout.state("index");
    this.limitBytes = options.limitBytes();
    this.occupancy = occupancy;
    this.last = limitBytes;
  }

  /** Bytes that whole and partial files may take, counting those that are still to come. */
  synchronized long bytes() throws IOException {
    long now = System.nanoTime();
    lookAgain(now);
    last = Math.max(0, limitBytes == Long.MAX_VALUE ? byDisk : Math.min(byDisk, byLimit(now)));
    return last;
  }

  /** Whether less is free than would be kept if nobody else had filled the disk. */
  boolean tight() throws IOException {
    Files.Space disk = Files.space(folder);
    return disk.availableBytes() < floor(disk.totalBytes(), Long.MAX_VALUE);
  }

  /** The last answer, which every open and every fetch asks for; without a look, at once. */
  long last() {
    return last;
  }

  /** The same as far as the disk goes, whatever the limit. */
  synchronized long diskBytes() throws IOException {
    lookAgain(System.nanoTime());
    return Math.max(0, byDisk);
  }

  private void lookAgain(long now) throws IOException {
    if (!looked || now - lookedAt > FRESH_NANOS) {
      look(now);
    }
  }

  /** Does not change by what the cache itself stores or evicts until the next look. */
  private void look(long now) throws IOException {
    occupancy.between(
        () -> {
          Files.Space disk = Files.space(folder);
          long ours = occupancy.total() - occupancy.held() + disk.availableBytes();
          byDisk = ours - floor(disk.totalBytes(), ours);
        });
    lookedAt = now;
    looked = true;
  }

  /** The free space to keep on a disk of which the cache and the free space make a part. */
  static long floor(long diskBytes, long ours) {
    long wanted = Math.max(diskBytes / FLOOR_PART, LEAST_FLOOR);
    return Math.min(Math.min(wanted, diskBytes / SMALL_DISK_PART), Math.max(0, ours) / 2);
  }

  /** Has the disk looked at again before the next answer, because it refused bytes. */
  synchronized void doubt() {
    looked = false;
  }

  private long byLimit(long now) throws IOException {
    long added = occupancy.get(Counter.STATE_ADDED);
    if (now - dirtyLookAfter >= 0 || added != stateSeen) {
      stateSeen = added;
      dirty = measureDirty() + bytesIn(indexFolder);
      long end = System.nanoTime();
      dirtyLookAfter = end + Math.max(FRESH_NANOS, (end - now) * LOOK_PART);
    }
    return limitBytes - Math.min(STATE_BYTES, limitBytes / STATE_PART) - dirty;
  }

  /** A file has become one to be uploaded, or with a negative number has ceased to be one. */
  synchronized void dirtied(long bytes) {
    dirty = Math.max(0, dirty + bytes);
  }

  /** Whoever writes does so past the cache, so the files are asked. */
  private long measureDirty() throws IOException {
    long[] sum = {0};
    Directory.read(
        dirtyFolder,
        (session, type, inode) -> {
          if (type == Directory.Type.DIRECTORY) {
            sum[0] += bytesIn(dirtyFolder + "/" + session);
          }
          return true;
        });
    return sum[0];
  }

  /** Blocks of the files of a folder, 0 where there is none. */
  private static long bytesIn(String session) throws IOException {
    long[] sum = {0};
    try {
      Directory.read(
          session,
          (file, type, inode) -> {
            String path = session + "/" + file;
            if (Files.exists(path)) {
              sum[0] += Files.lstat(path).blocks() * BLOCK;
            }
            return true;
          });
    } catch (PosixException gone) {
      // A session or a file of it ends while it is looked at: it takes nothing any more.
      return sum[0];
    }
    return sum[0];
  }
}
