package io.azcp.cache;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes and opens the map files of partial files. A map is made complete under another name and
 * appears by a rename; one from before a reboot is replaced by one of what was synced.
 */
final class PartialMaps {
  private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

  private final CacheOptions options;
  private final Occupancy occupancy;

  PartialMaps(CacheOptions options, Occupancy occupancy) {
    this.options = options;
    this.occupancy = occupancy;
  }

  /** The map's descriptor, −1 when the map speaks of another data file (it is being moved). */
  int open(String path, String name, BlobVersion version, int data, boolean replace)
      throws IOException {
    long inode = Files.fstat(data).inode();
    int fd = -1;
    try {
      fd = Fd.open(path, Fd.O_RDWR, 0);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      make(path, name, version, inode, Files.RENAME_NOREPLACE, new BitSet());
      fd = Fd.open(path, Fd.O_RDWR, 0);
    }
    Optional<PartialHeader> header = PartialHeader.read(fd);
    boolean ours = header.isPresent() && header.get().inode() == inode;
    boolean trusted =
        ours
            && header.get().bootId().equals(options.bootId())
            && header.get().identity().equals(options.identity());
    if (trusted) {
      return fd;
    }
    try {
      if (ours || replace) {
        replace(path, name, version, data, fd, header);
      }
    } finally {
      Fd.close(fd);
    }
    return -1;
  }

  /**
   * Data from before a reboot may be missing where the map has it: what was synced is kept, the
   * rest starts again. One process does so, while nobody trusts the old map.
   */
  private void replace(
      String path,
      String name,
      BlobVersion version,
      int data,
      int map,
      Optional<PartialHeader> header)
      throws IOException {
    if (!OfdLock.tryExclusive(map, 0, 1)
        || PartialStore.inodeAt(path) != Files.fstat(map).inode()) {
      return;
    }
    long inode = Files.fstat(data).inode();
    boolean same =
        header.isPresent()
            && header.get().inode() == inode
            && header.get().identity().equals(options.identity())
            && header.get().version().etag().equals(version.etag())
            && header.get().version().length() == version.length();
    BitSet kept = same ? SyncedUnits.keep(data, map, version.length()) : new BitSet();
    make(path, name, version, inode, 0, kept);
  }

  private void make(
      String path, String name, BlobVersion version, long inode, int flags, BitSet synced)
      throws IOException {
    String temporary = path + "." + Long.toHexString(SERIAL.incrementAndGet());
    int fd = Fd.open(temporary, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, 0600);
    try {
      Fd.truncate(fd, PartialHeader.BYTES + RangeMap.units(version.length()));
      SyncedUnits.write(fd, synced);
      new PartialHeader(options.identity(), version, inode, options.bootId(), name).write(fd);
      occupancy.step(
          () -> {
            Files.rename(temporary, path, flags);
            if (flags == Files.RENAME_NOREPLACE) {
              occupancy.partialAdded(PartialStore.overhead(version.length()));
            }
          });
    } catch (PosixException e) {
      Files.unlinkIfExists(temporary);
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    } finally {
      Fd.close(fd);
    }
  }
}
