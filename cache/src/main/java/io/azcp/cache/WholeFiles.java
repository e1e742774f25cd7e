package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.io.IOException;
import java.util.Optional;

/**
 * The whole files of a folder, as they lie there. Callers hold the entry's lock for every change.
 *
 * <p>A reader needs no lock: it opens the path, takes the shared in-use lock and only then reads
 * the mark. Whoever takes a file out ({@link WholeRemovals}) removes the mark first and then looks
 * for the in-use lock. One of the two therefore sees the other, whatever the order.
 */
final class WholeFiles {
  private static final int READ_ONLY = 0400;
  private static final int READ_ONLY_FOR_ALL = 0444;

  private static final int EXECUTABLE = 0111;

  /** Files in the folder are opened without waiting, should one be a pipe. */
  private static final int OPEN = Fd.O_RDONLY | Fd.O_NONBLOCK;

  private static final long BLOCK = 512;
  private static final int PLACE_ATTEMPTS = 5;

  private final Layout layout;
  private final CacheOptions options;
  private final MarkStore marks;
  private final Occupancy occupancy;
  private final HeldFiles held;
  private final WholeRemovals removals;
  private final Displaced displaced;

  WholeFiles(Layout layout, CacheOptions options, MarkStore marks, Occupancy occupancy) {
    this.layout = layout;
    this.options = options;
    this.marks = marks;
    this.occupancy = occupancy;
    this.held = new HeldFiles(layout, marks, occupancy);
    this.removals = new WholeRemovals(marks, occupancy, held, publishedMode());
    this.displaced = new Displaced(layout, this);
  }

  /** How files found here leave the folder. */
  WholeRemovals removals() {
    return removals;
  }

  /** Those that somebody still reads after they have left. */
  HeldFiles held() {
    return held;
  }

  /** Closes a reader's descriptor; a file that was only held for it goes. */
  void closeReader(int fd) throws IOException {
    Stat stat = Files.fstat(fd);
    Fd.close(fd);
    if ((stat.mode() & EXECUTABLE) != 0) {
      held.release(stat.inode());
    }
  }

  /** How far a file found at a place can be trusted. */
  enum Trust {
    /** Marked, and the mark agrees. */
    WHOLE,
    /** Marked before a reboot and never known to be on stable storage. */
    UNPROVEN,
    /** Marked, but somebody is evicting it or was killed when he did. */
    LEAVING,
    /** Not marked by this cache, or changed since. */
    FOREIGN
  }

  /**
   * An open file at a place. Whoever got it closes the descriptor.
   *
   * @param bytes what it and its mark take of the disk
   */
  record Found(int fd, String path, Stat stat, Trust trust, Mark mark, long bytes)
      implements AutoCloseable {
    boolean whole() {
      return trust == Trust.WHOLE;
    }

    @Override
    public void close() {
      Fd.close(fd);
    }
  }

  /** The regular file at a name's place, opened; empty when there is none. */
  Optional<Found> find(String name) throws IOException {
    return inspect(layout.whole(name), identity(name), false);
  }

  /** The same with the shared in-use lock of its descriptor held. */
  Optional<Found> findInUse(String name) throws IOException {
    return inspect(layout.whole(name), identity(name), true);
  }

  /** The regular file at a path of the folder; {@code identity} null takes that of the path. */
  Optional<Found> inspect(String path, String identity, boolean inUse) throws IOException {
    return inspect(path, path, identity, inUse);
  }

  /** The regular file at a path, as if it lay at a place of the folder. */
  Optional<Found> inspectMoved(String path, String place) throws IOException {
    return inspect(path, place, null, false);
  }

  private Optional<Found> inspect(String path, String place, String identity, boolean inUse)
      throws IOException {
    int fd;
    try {
      fd = Fd.open(path, OPEN, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ENXIO) {
        return Optional.empty();
      }
      throw e;
    }
    try {
      if (inUse) {
        OfdLock.tryShared(fd, LockBytes.IN_USE, 1);
      }
      Stat stat = Files.fstat(fd);
      if (!stat.isRegular()) {
        Fd.close(fd);
        return Optional.empty();
      }
      Mark mark = marks.read(fd, stat).orElse(null);
      String expected = identity != null ? identity : identityOfPath(place, mark);
      return Optional.of(new Found(fd, path, stat, trust(mark, stat, expected), mark, bytes(stat)));
    } catch (IOException | RuntimeException e) {
      Fd.close(fd);
      throw e;
    }
  }

  private Trust trust(Mark mark, Stat stat, String identity) {
    if (mark == null || !mark.identity().equals(identity) || !mark.agreesWith(stat)) {
      return Trust.FOREIGN;
    }
    if ((stat.mode() & EXECUTABLE) != 0) {
      return Trust.LEAVING;
    }
    return mark.durable() || mark.bootId().equals(options.bootId()) ? Trust.WHOLE : Trust.UNPROVEN;
  }

  private long bytes(Stat stat) {
    return stat.blocks() * BLOCK + marks.bytesBeside();
  }

  private String identityOfPath(String path, Mark mark) {
    return nameOf(path, mark).map(this::identity).orElse("");
  }

  /** The name of a path of the folder, from the path itself or else from its mark. */
  Optional<String> nameOf(String path, Mark mark) {
    Optional<String> name = CacheNames.name(path.substring(layout.folder().length() + 1));
    return name.isPresent() || mark == null || mark.name().isEmpty()
        ? name
        : Optional.of(mark.name());
  }

  private String identity(String name) {
    return CacheNames.hash(options.identity(), name).substring(0, 32);
  }

  /** Refuses a file of another length than the version that it is to be. */
  static void requireLength(Stat stat, String name, BlobVersion version) throws AzcpException {
    if (stat.size() != version.length()) {
      throw new AzcpException(
          Errno.EIO,
          "The file to be cached as "
              + name
              + " has "
              + stat.size()
              + " bytes instead of "
              + version.length()
              + "; it was not taken over.");
    }
  }

  /**
   * Makes an open file, lying at {@code from} on the same file system, the whole content of a
   * version at its place.
   *
   * @param partialBytes what it is counted with as a partial file, 0 for a file that is none
   */
  void place(
      int fd, String from, String name, BlobVersion version, String verified, long partialBytes)
      throws IOException {
    String to = layout.whole(name);
    if (!from.equals(to)) {
      makeRoomAt(name, to);
    }
    Stat before = Files.fstat(fd);
    Mark mark = newMark(name, version, before.mtimeNanos(), verified);
    if (marks.survivesRename()) {
      marks.write(fd, before, mark);
    }
    Fd.chmod(fd, publishedMode());
    // Counted first: a kill in between leaves the counters too high, never too low.
    long bytes = bytes(Files.fstat(fd));
    occupancy.step(
        () -> {
          occupancy.becomesWhole(bytes, partialBytes);
          boolean placed = false;
          try {
            putInPlace(fd, from, to, mark);
            placed = true;
          } finally {
            if (!placed) {
              occupancy.staysPartial(bytes, partialBytes);
            }
          }
        });
  }

  private void putInPlace(int fd, String from, String to, Mark mark) throws IOException {
    if (marks.survivesRename()) {
      if (!from.equals(to)) {
        renameInto(from, to);
      }
      return;
    }
    synchronized (displaced) {
      if (!from.equals(to)) {
        renameInto(from, to);
      }
      marks.write(fd, Files.fstat(fd), mark);
    }
  }

  private int publishedMode() {
    return options.readableByOthers() ? READ_ONLY_FOR_ALL : READ_ONLY;
  }

  private Mark newMark(String name, BlobVersion version, long mtimeNanos, String verified) {
    return new Mark(
        identity(name),
        version,
        mtimeNanos,
        options.bootId(),
        false,
        verified,
        CacheNames.isHashed(name) ? name : "");
  }

  /** Moves what lies at a place out of the way, but a file of ours, which is replaced. */
  private void makeRoomAt(String name, String to) throws IOException {
    displaced.clearParents(to);
    Found found = find(name).orElse(null);
    if (found != null && found.trust() != Trust.FOREIGN) {
      removals.discard(found);
    } else if (found != null) {
      found.close();
      displaced.moveAside(to);
    } else if (Files.exists(to)) {
      displaced.moveAside(to);
    }
  }

  /**
   * Just before the rename a parent may be swept away by another process's eviction, or the file of
   * a name may come where this one needs a folder, or the other way round.
   */
  private void renameInto(String from, String to) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.rename(from, to);
        return;
      } catch (PosixException e) {
        boolean parent = e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR;
        if (attempt == PLACE_ATTEMPTS || (!parent && e.errno() != Errno.EISDIR)) {
          throw e;
        }
        if (parent) {
          displaced.clearParents(to);
        } else {
          displaced.moveAside(to);
        }
      }
    }
  }

  /** Whether a folder lies at a name's place. */
  boolean isFolder(String name) throws IOException {
    try {
      return Files.stat(layout.whole(name)).isDirectory();
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    }
  }

  /** Deletes the whole file of a name unless it is of that version; null is none. */
  boolean dropOther(String name, BlobVersion now) throws IOException {
    Found found = find(name).orElse(null);
    boolean other =
        found != null && found.whole() && (now == null || !found.mark().version().sameContent(now));
    if (other) {
      removals.discard(found);
      displaced.removeEmptyParents(found.path());
    } else if (found != null) {
      found.close();
    }
    return other;
  }

  /** Removes the folders above a path that have become empty. */
  void removeEmptyParents(String path) {
    displaced.removeEmptyParents(path);
  }

  /** Marks a found file as another version or another name's. */
  void remark(Found found, String name, BlobVersion version) throws IOException {
    Mark mark =
        found.mark().withVersion(identity(name), version, CacheNames.isHashed(name) ? name : "");
    marks.write(found.fd(), Files.fstat(found.fd()), mark);
  }

  /** Moves a whole file to another name and version. */
  void rename(Found found, String newName, BlobVersion newVersion) throws IOException {
    String to = layout.whole(newName);
    if (found.path().equals(to)) {
      remark(found, newName, newVersion);
      return;
    }
    String from = clearOf(found, to);
    makeRoomAt(newName, to);
    if (marks.survivesRename()) {
      remark(found, newName, newVersion);
      renameInto(from, to);
    } else {
      synchronized (displaced) {
        renameInto(from, to);
        remark(found, newName, newVersion);
      }
    }
    displaced.removeEmptyParents(found.path());
  }

  /** Where one of the two places lies below the other, the file leaves its own first. */
  private String clearOf(Found found, String to) throws IOException {
    String from = found.path();
    if (!from.startsWith(to + "/") && !to.startsWith(from + "/")) {
      return from;
    }
    String aside = layout.state("jobs") + "/move-" + found.stat().inode();
    Files.rename(from, aside);
    return aside;
  }

  /** Marks a foreign or unproven file after its content was verified against the version. */
  void adopt(Found found, String name, BlobVersion version) throws IOException {
    if (found.trust() != Trust.FOREIGN) {
      occupancy.wholeRemoved(found.bytes());
    }
    place(found.fd(), found.path(), name, version, "md5", 0);
  }

  /** Tells that content and mark are on stable storage. */
  void setDurable(String name, String etag) throws IOException {
    Optional<Found> there = find(name);
    if (there.isPresent()) {
      try (Found found = there.get()) {
        if (found.whole() && found.mark().version().etag().equals(etag)) {
          marks.write(found.fd(), found.stat(), found.mark().withDurable());
        }
      }
    }
  }

  /** Notes a use of an open file of ours at a time, nanoseconds since the epoch. */
  void touch(int fd, long nanos) throws IOException {
    marks.touch(fd, Files.fstat(fd), nanos);
  }

  /** When a found file was used last. */
  long lastUse(Found found) throws IOException {
    return marks.lastUse(found.fd(), found.stat());
  }

  /** The failure of an operation on a file whose version does not lie here whole. */
  static AzcpException notWhole(String name) {
    return new AzcpException(
        Errno.ENOENT, "The cache does not hold the wanted version of " + name + " as a whole.");
  }
}
