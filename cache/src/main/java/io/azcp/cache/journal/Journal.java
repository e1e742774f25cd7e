package io.azcp.cache.journal;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An append-only file of records, written in batches.
 *
 * <p>What {@link #append} has taken survives the death of the process; what {@link #sync} has
 * returned for survives the loss of power. A batch is there as a whole or not at all. At the first
 * byte that is not an intact batch with the next sequence number the file ends: whatever lies
 * behind is cut off when the journal is opened for appending, and nothing is ever guessed. Room for
 * coming batches is reserved in the file ahead of time, and more beside it, so that a full disk
 * does not stop the journal at once.
 *
 * <p>Thread-safe. Calls to {@link #sync} that come together share one fdatasync: each needs only
 * one that began after its batch was written.
 */
public final class Journal implements AutoCloseable {
  /** "azcpjrn" and the version of the format. */
  private static final long MAGIC = 0x01_6e_72_6a_70_63_7a_61L;

  private static final int HEADER = 16;

  /**
   * Bytes of room reserved at a time, also by a new one; more when less than {@link #LOW} is left.
   */
  private static final long RESERVE = 4 << 20;

  private static final long LOW = 1 << 20;
  private static final int READ_BYTES = 1 << 20;
  private static final int SMALL_BYTES = 8 << 10;

  private final String path;
  private final Ballast ballast;
  private final ReentrantLock syncing = new ReentrantLock();

  /** Where batches of the usual size are encoded. */
  private final ByteBuffer small = Native.buffer(SMALL_BYTES);

  private int fd;
  private long end;
  private long reserved;
  private long sequence;
  private IOException broken;
  private volatile long synced;
  private boolean namesSynced;

  private Journal(String path, int fd, Replayed replayed) {
    this.path = path;
    this.ballast = new Ballast(path);
    this.fd = fd;
    this.end = replayed.end();
    this.reserved = end;
    this.sequence = replayed.nextSequence();
  }

  /** Takes one batch as it is read. */
  @FunctionalInterface
  public interface Visitor {
    /** A batch, in the order of appending. */
    void batch(List<JournalRecord> records) throws IOException;
  }

  private record Replayed(long end, long nextSequence) {}

  /** Opens a journal for appending, making it where there is none, after a look at all it holds. */
  public static Journal open(String path, Visitor visitor) throws IOException {
    Journal journal = openWithoutRoom(path, visitor);
    try {
      journal.reserveRoom();
      return journal;
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  /** The same without any room reserved in it: {@link #append} does that then. */
  public static Journal openWithoutRoom(String path, Visitor visitor) throws IOException {
    int fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
    boolean opened = false;
    try {
      if (isBlank(fd)) {
        writeHeader(fd, 1);
      }
      var journal = new Journal(path, fd, read(fd, path, visitor));
      Fd.truncate(fd, journal.end);
      opened = true;
      return journal;
    } finally {
      if (!opened) {
        Fd.close(fd);
      }
    }
  }

  /** Reads a journal that nobody appends to. One that is not there holds nothing. */
  public static void replay(String path, Visitor visitor) throws IOException {
    int fd;
    try {
      fd = Fd.open(path, Fd.O_RDONLY, 0);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw e;
    }
    try {
      if (!isBlank(fd)) {
        read(fd, path, visitor);
      }
    } finally {
      Fd.close(fd);
    }
  }

  /** Whether nothing was ever written, or power was lost before any of it was on the disk. */
  private static boolean isBlank(int fd) throws IOException {
    ByteBuffer head = readFully(fd, 0, HEADER);
    return head == null || (head.getLong(0) == 0 && head.getLong(8) == 0);
  }

  private static void writeHeader(int fd, long firstSequence) throws IOException {
    ByteBuffer b = Native.buffer(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    b.putLong(MAGIC).putLong(firstSequence).flip();
    Fd.pwriteFully(fd, b, 0);
  }

  private static Replayed read(int fd, String path, Visitor visitor) throws IOException {
    ByteBuffer head = readFully(fd, 0, HEADER);
    if (head != null && isOurs(head.getLong(0)) && head.getLong(0) != MAGIC) {
      throw new AzcpException(
          Errno.EPROTO,
          "The journal "
              + path
              + " was written by another version of azcp; it was left alone: mount or flush with"
              + " the newest one.");
    }
    if (head == null || head.getLong(0) != MAGIC) {
      throw new AzcpException(
          Errno.EIO,
          "The journal "
              + path
              + " is none, or damaged at its beginning; it was left alone: move its folder away to"
              + " mount without what it holds.");
    }
    long sequence = head.getLong(8);
    long at = HEADER;
    while (true) {
      List<JournalRecord> batch = frameAt(fd, at, sequence);
      if (batch == null) {
        return new Replayed(at, sequence);
      }
      visitor.batch(batch);
      at += Frame.size(batch);
      sequence++;
    }
  }

  /** Whether it is the beginning of a journal of any version, which is the last byte. */
  private static boolean isOurs(long magic) {
    return magic << Byte.SIZE == MAGIC << Byte.SIZE;
  }

  private static List<JournalRecord> frameAt(int fd, long at, long sequence) throws IOException {
    ByteBuffer head = readFully(fd, at, Frame.HEAD);
    if (head == null || head.getInt(0) <= 0 || head.getInt(0) > Frame.MAX_BODY) {
      return null;
    }
    ByteBuffer frame = readFully(fd, at, Frame.HEAD + head.getInt(0));
    return frame == null ? null : Frame.decode(frame, sequence);
  }

  /** Exactly so many bytes; null when the file ends before. */
  private static ByteBuffer readFully(int fd, long at, int bytes) throws IOException {
    if (bytes > READ_BYTES && Files.fstat(fd).size() < at + bytes) {
      return null;
    }
    ByteBuffer b = Native.buffer(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (b.hasRemaining()) {
      if (Fd.pread(fd, b, at + b.position()) == 0) {
        return null;
      }
    }
    return b.flip();
  }

  /** What {@link #reserveRoom} takes of the disk at most, in bytes. */
  public long room() throws IOException {
    return RESERVE + ballast.bytes(ballast.disk());
  }

  /** Reserves room for what will be appended, and for the day on which the disk is full. */
  public synchronized void reserveRoom() throws IOException {
    reserve(0);
    ballast.take();
  }

  /** Appends a batch. */
  public void append(List<JournalRecord> batch) throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    if (Frame.size(batch) > Frame.MAX_BODY) {
      throw new AzcpException(
          Errno.EFBIG, "A change of more than 64 MiB of records cannot be journaled at once.");
    }
    synchronized (this) {
      mustWork();
      int size = Math.toIntExact(Frame.size(batch));
      ByteBuffer frame =
          Frame.encode(sequence, batch, size <= small.capacity() ? small : Native.buffer(size));
      reserve(size);
      // A part written before a failure lies behind the end and is written over.
      Fd.pwriteFully(fd, frame, end);
      end += size;
      sequence++;
    }
  }

  /** Appends one record. */
  public void append(JournalRecord record) throws IOException {
    append(List.of(record));
  }

  /** Keeps some room allocated behind the end; where the disk refuses, what is left is used up. */
  private void reserve(long size) throws IOException {
    if (end + size + LOW <= reserved) {
      return;
    }
    try {
      allocate(size);
    } catch (PosixException e) {
      boolean fits = end + size <= reserved;
      boolean unsupported = e.errno() == Errno.EOPNOTSUPP;
      if (!fits && !unsupported) {
        throw new AzcpException(
            e.errno(),
            "The journal "
                + path
                + " cannot grow: "
                + e.errno().text()
                + "; nothing more can be changed until there is space.",
            e);
      }
    }
  }

  private void allocate(long size) throws IOException {
    try {
      Fd.allocate(fd, end, size + RESERVE);
      reserved = end + size + RESERVE;
    } catch (PosixException e) {
      boolean full = e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
      if (!full || end + size <= reserved || !ballast.giveUp()) {
        throw e;
      }
      long half = size + LOW / 2;
      Fd.allocate(fd, end, half);
      reserved = end + half;
    }
  }

  /** Returns when everything appended before is on stable storage. */
  public void sync() throws IOException {
    long target;
    synchronized (this) {
      mustWork();
      target = sequence;
    }
    if (synced >= target) {
      return;
    }
    syncing.lock();
    try {
      if (synced >= target) {
        return;
      }
      int file;
      synchronized (this) {
        mustWork();
        target = sequence;
        file = fd;
      }
      try {
        Fd.syncData(file);
        syncNames();
      } catch (IOException e) {
        // After a failed fdatasync the kernel may have dropped the pages: nothing is sure any more.
        synchronized (this) {
          broken = e;
        }
        throw e;
      }
      synced = target;
    } finally {
      syncing.unlock();
    }
  }

  /** Bytes of batches, to decide when to {@link #compact}. */
  public synchronized long size() {
    return end;
  }

  /**
   * Replaces all content by one batch, atomically and on stable storage. The caller lets nobody
   * append meanwhile anything that is not in it.
   */
  public void compact(List<JournalRecord> live) throws IOException {
    syncing.lock();
    try {
      synchronized (this) {
        mustWork();
        replaceBy(live);
        synced = sequence;
      }
    } finally {
      syncing.unlock();
    }
  }

  private void replaceBy(List<JournalRecord> live) throws IOException {
    String next = path + ".new";
    Files.unlinkIfExists(next);
    int file = Fd.open(next, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, 0600);
    boolean done = false;
    try {
      writeHeader(file, sequence);
      long at = HEADER;
      long number = sequence;
      if (!live.isEmpty()) {
        ByteBuffer frame = Frame.encode(number++, live);
        Fd.pwriteFully(file, frame, at);
        at += frame.limit();
      }
      Fd.sync(file);
      Files.rename(next, path);
      done = true;
      Fd.close(fd);
      fd = file;
      end = at;
      reserved = at;
      sequence = number;
    } finally {
      if (!done) {
        Fd.close(file);
        Files.unlinkIfExists(next);
      }
    }
    syncFolder(path.substring(0, path.lastIndexOf('/')));
    reserve(0);
    ballast.takeAgain();
  }

  /** Once, so that the journal and its folder are found after a loss of power. */
  private void syncNames() throws IOException {
    if (!namesSynced) {
      String folder = path.substring(0, path.lastIndexOf('/'));
      syncFolder(folder);
      syncFolder(folder + "/..");
      namesSynced = true;
    }
  }

  private static void syncFolder(String folder) throws IOException {
    int fd = Fd.open(folder, Fd.O_RDONLY, 0);
    try {
      Fd.sync(fd);
    } finally {
      Fd.close(fd);
    }
  }

  private void mustWork() throws AzcpException {
    if (fd < 0) {
      throw new AzcpException(Errno.EBADF, "The journal " + path + " is closed.");
    }
    if (broken != null) {
      throw new AzcpException(
          Errno.EIO,
          "The journal "
              + path
              + " could not be brought to stable storage before: "
              + broken.getMessage()
              + "; unmount and check the disk.",
          broken);
    }
  }

  /** Closes the file; room not used is given back. */
  @Override
  public void close() throws IOException {
    syncing.lock();
    try {
      synchronized (this) {
        if (fd >= 0) {
          int file = fd;
          fd = -1;
          try {
            Fd.truncate(file, end);
          } finally {
            Fd.close(file);
          }
        }
      }
    } finally {
      syncing.unlock();
    }
  }
}
