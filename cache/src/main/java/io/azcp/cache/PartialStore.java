package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The partial files of a folder: a sparse data file of full length and a map file beside it. They
 * are opened without a lock on the entry: the data file is made or opened, its in-use lock is taken
 * shared, and it counts only if it still lies there under its path; the map is made complete under
 * another name and appears by a rename that replaces nothing. Whoever deletes takes the in-use lock
 * exclusively first. The map's header names the inode of its data file, so the two never mix.
 */
final class PartialStore {
  private static final String MAP = ".map";
  private static final int ATTEMPTS = 2000;
  private static final int PATIENT_ATTEMPTS = 100;
  private static final long PAUSE_NANOS = 1_000_000;

  private final Layout layout;
  private final CacheOptions options;
  private final Occupancy occupancy;
  private final PartialMaps maps;

  PartialStore(Layout layout, CacheOptions options, Occupancy occupancy) {
    this.layout = layout;
    this.options = options;
    this.occupancy = occupancy;
    this.maps = new PartialMaps(options, occupancy);
  }

  /**
   * An open partial file; its in-use lock is held by {@code readFd}.
   *
   * @param dataFd the data, read-write, for fetches and their claims
   * @param readFd the data, read-only, for readers
   * @param mapFd the map file, read-write
   */
  record Opened(int dataFd, int readFd, int mapFd, long inode, RangeMap map) {}

  /** Opens the partial file of a version, making it where there is none. */
  Opened open(String name, BlobVersion version) throws IOException {
    if (version.length() / RangeMap.UNIT >= Integer.MAX_VALUE) {
      throw new AzcpException(
          Errno.EFBIG, name + " is larger than 128 TiB and cannot be cached; copy parts of it.");
    }
    String path = layout.partial(name, version.etag());
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int[] fds = {-1, -1, -1};
      boolean opened = false;
      try {
        Optional<Opened> answer = tryOpen(path, name, version, fds, attempt > PATIENT_ATTEMPTS);
        opened = answer.isPresent();
        if (opened) {
          return answer.get();
        }
      } finally {
        if (!opened) {
          for (int fd : fds) {
            Fd.close(fd);
          }
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AzcpException(
        Errno.EBUSY,
        "The partial file of "
            + name
            + " in the cache is being deleted by a process that does not get on; look for a"
            + " stopped azcp process.");
  }

  private Optional<Opened> tryOpen(
      String path, String name, BlobVersion version, int[] fds, boolean replaceMap)
      throws IOException {
    fds[0] = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
    try {
      fds[1] = Fd.open(path, Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    if (!OfdLock.tryShared(fds[1], LockBytes.IN_USE, 1)) {
      return Optional.empty();
    }
    Stat stat = Files.fstat(fds[1]);
    if (inodeAt(path) != stat.inode() || Files.fstat(fds[0]).inode() != stat.inode()) {
      return Optional.empty();
    }
    if (stat.size() != version.length()) {
      Fd.truncate(fds[0], version.length());
    }
    fds[2] = maps.open(path + MAP, name, version, fds[0], replaceMap);
    if (fds[2] < 0) {
      return Optional.empty();
    }
    var map = new RangeMap(fds[2], version.length());
    return Optional.of(new Opened(fds[0], fds[1], fds[2], stat.inode(), map));
  }

  /**
   * What a partial file takes of the disk besides its content: the map's header, the map, and a
   * block for the mark that it gets in the end, so that publishing takes no more than is counted.
   */
  static long overhead(long length) {
    long units = (length + RangeMap.UNIT - 1) / RangeMap.UNIT;
    return 2 * RangeMap.diskBytes(1) + RangeMap.diskBytes(units);
  }

  /** The inode that lies at a path, 0 for none. */
  static long inodeAt(String path) throws IOException {
    try {
      return Files.lstat(path).inode();
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return 0;
      }
      throw e;
    }
  }

  /** Whether the open file still lies under the path of its name and version. */
  boolean lies(long inode, String name, BlobVersion version) throws IOException {
    return inodeAt(layout.partial(name, version.etag())) == inode;
  }

  String path(String name, BlobVersion version) {
    return layout.partial(name, version.etag());
  }

  /** Removes the map after the data went to its final place. */
  void published(String name, BlobVersion version) throws IOException {
    Files.unlinkIfExists(path(name, version) + MAP);
  }

  /** What a complete partial file of that length is counted with. */
  static long completeBytes(long length) {
    return RangeMap.diskBytes(length) + overhead(length);
  }

  /** Gives a partial file, open or not, another name and version. */
  void move(String name, BlobVersion version, String newName, BlobVersion newVersion)
      throws IOException {
    String from = path(name, version);
    String to = path(newName, newVersion);
    long inode = inodeAt(from);
    if (inode == 0 || from.equals(to) || Files.exists(to)) {
      return;
    }
    int map;
    try {
      map = Fd.open(from + MAP, Fd.O_RDWR, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw e;
    }
    try {
      Optional<PartialHeader> old = PartialHeader.read(map);
      if (old.isPresent() && old.get().inode() == inode) {
        new PartialHeader(options.identity(), newVersion, inode, old.get().bootId(), newName)
            .write(map);
        Files.rename(from, to, Files.RENAME_NOREPLACE);
        Files.rename(from + MAP, to + MAP);
      }
    } finally {
      Fd.close(map);
    }
  }

  /** Deletes the partial file at a path unless somebody has it open. Answers the bytes freed. */
  long delete(String path) throws IOException {
    int fd;
    try {
      fd = Fd.open(path, Fd.O_RDWR, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        Files.unlinkIfExists(path + MAP);
        return 0;
      }
      throw e;
    }
    long[] bytes = {0};
    occupancy.step(
        () -> {
          boolean counted;
          try {
            if (!OfdLock.tryExclusive(fd, LockBytes.IN_USE, 1)
                || inodeAt(path) != Files.fstat(fd).inode()) {
              return;
            }
            bytes[0] = Math.max(1, bytes(path));
            counted = Files.unlinkIfExists(path + MAP);
            Files.unlink(path);
          } finally {
            Fd.close(fd);
          }
          // The disk has its blocks back when the last descriptor is closed, not before.
          if (counted) {
            occupancy.partialRemoved(bytes[0]);
          }
        });
    return bytes[0];
  }

  /** Bytes that are there of the partial file at a path, open or not; 0 without a sound map. */
  long presentBytes(String path) throws IOException {
    return withMap(path, this::presentBytes).orElse(0L);
  }

  private long presentBytes(int map, PartialHeader header) throws IOException {
    return header.bootId().equals(options.bootId())
        ? new RangeMap(map, header.version().length()).presentBytes()
        : SyncedUnits.bytes(map, header.version().length());
  }

  /** What the partial file at a path is counted with; 0 without a sound map. */
  long bytes(String path) throws IOException {
    return withMap(
            path,
            (map, header) ->
                RangeMap.diskBytes(presentBytes(map, header)) + overhead(header.version().length()))
        .orElse(0L);
  }

  /** Whether a partial file is from before a reboot and none of it was synced. */
  boolean outdated(String path, PartialHeader header) throws IOException {
    return !header.bootId().equals(options.bootId()) && presentBytes(path) == 0;
  }

  /** Has what is there of a version survive a loss of power. */
  void sync(String name, BlobVersion version) throws IOException {
    String path = path(name, version);
    int data = -1;
    int map = -1;
    try {
      data = Fd.open(path, Fd.O_RDONLY, 0);
      map = Fd.open(path + MAP, Fd.O_RDWR, 0);
      Optional<PartialHeader> header = PartialHeader.read(map);
      if (header.isPresent()
          && header.get().inode() == Files.fstat(data).inode()
          && header.get().bootId().equals(options.bootId())) {
        SyncedUnits.sync(data, map, RangeMap.units(header.get().version().length()));
      }
    } catch (PosixException e) {
      // Whole, evicted or renamed meanwhile: there is nothing to sync any more.
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    } finally {
      Fd.close(data);
      Fd.close(map);
    }
  }

  /** The header of the partial file at a path; empty without a sound map. */
  Optional<PartialHeader> header(String path) throws IOException {
    return withMap(path, (fd, header) -> header);
  }

  /** Looks into a map file. */
  @FunctionalInterface
  private interface MapReader<T> {
    T read(int fd, PartialHeader header) throws IOException;
  }

  private static <T> Optional<T> withMap(String path, MapReader<T> reader) throws IOException {
    int fd;
    try {
      fd = Fd.open(path + MAP, Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      Optional<PartialHeader> header = PartialHeader.read(fd);
      return header.isEmpty() ? Optional.empty() : Optional.of(reader.read(fd, header.get()));
    } finally {
      Fd.close(fd);
    }
  }

  /** Visits map files, finished or not, that have no data file or are left from an unborn one. */
  void forEachOrphan(long olderThanNanos, PathVisitor visitor) throws IOException {
    String folder = layout.state("partial");
    Directory.read(
        folder,
        (file, type, inode) -> {
          int dot = file.indexOf('.');
          String path = folder + "/" + file;
          boolean orphan =
              dot > 0
                  && (!file.substring(dot).equals(MAP)
                      || !Files.exists(folder + "/" + file.substring(0, dot)));
          if (orphan && changedBefore(path, olderThanNanos)) {
            visitor.file(path);
          }
          return true;
        });
  }

  private static boolean changedBefore(String path, long nanos) throws IOException {
    try {
      return Files.lstat(path).ctimeNanos() < nanos;
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Takes the path of a partial file's data. */
  @FunctionalInterface
  interface PathVisitor {
    void file(String path) throws IOException;
  }

  /** Visits the data paths of all partial files, or of those of one name. */
  void forEach(String prefix, PathVisitor visitor) throws IOException {
    String folder = layout.state("partial");
    Directory.read(
        folder,
        (file, type, inode) -> {
          if (file.startsWith(prefix) && file.indexOf('.') < 0) {
            visitor.file(folder + "/" + file);
          }
          return true;
        });
  }

  /** When a partial file was last fetched into, nanoseconds since the epoch; 0 when it is gone. */
  long lastUse(String path) throws IOException {
    try {
      return Math.max(Files.lstat(path).atimeNanos(), Files.lstat(path + MAP).mtimeNanos());
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return 0;
      }
      throw e;
    }
  }
}
