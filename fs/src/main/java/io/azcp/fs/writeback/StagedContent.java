package io.azcp.fs.writeback;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import java.io.IOException;

/**
 * The bytes of a staging file, wherever they lie, and the descriptors that lead there. Guarded by
 * the ledger's lock, but for what says otherwise.
 */
final class StagedContent {
  private final Staging staging;
  private final Descriptors descriptors = new Descriptors();

  /** Its way from memory to the disk; null for a file that began there. */
  private MemoryFile memory;

  StagedContent(Staging staging) {
    this.staging = staging;
  }

  /** It is in memory, until that is used up. */
  void beginsIn(MemoryFile place) {
    memory = place;
  }

  /** How it leaves the memory; null for a file that began on the disk. Needs no lock. */
  MemoryFile memory() {
    return memory;
  }

  /** Makes the file, open. */
  void create() throws IOException {
    descriptors.create(staging.path);
  }

  void open() throws IOException {
    descriptors.open(staging.path);
  }

  /** A descriptor to write through, while there is a writer. Needs no lock. */
  int writing() throws IOException {
    return descriptors.writing();
  }

  /** A read-only descriptor while it is open, else negative. Needs no lock. */
  int reading() {
    return descriptors.reading();
  }

  /** There is no writer any more. */
  void writersGone() {
    descriptors.writersGone();
  }

  void close() {
    descriptors.close();
  }

  Stamp stamp() throws IOException {
    int open = descriptors.reading();
    return Stamp.of(open >= 0 ? Files.fstat(open) : Files.lstat(staging.path));
  }

  /** The same; null where it cannot be told. */
  Stamp stampQuietly() {
    try {
      return stamp();
    } catch (IOException e) {
      return null;
    }
  }

  /** What lies at the staging file's path; null for nothing. Needs no lock. */
  Stamp stampByPath() throws IOException {
    try {
      return Stamp.of(Files.lstat(staging.path));
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  void setTimes(long mtimeNanos) throws IOException {
    int open = descriptors.reading();
    if (open >= 0) {
      Fd.setTimes(open, mtimeNanos, mtimeNanos);
    } else {
      Files.setTimes(staging.path, mtimeNanos, mtimeNanos);
    }
  }

  /** Changes the length. */
  void cut(long length, boolean hasWriter) throws IOException {
    if (hasWriter) {
      Fd.truncate(descriptors.writing(), length);
      return;
    }
    int writable = Fd.open(staging.path, Fd.O_RDWR, 0);
    try {
      Fd.truncate(writable, length);
    } finally {
      Fd.close(writable);
    }
  }

  /** Leads to a copy at another path from now on, with the times of the first. */
  void leadTo(String copy, String name) throws IOException {
    Stamp now = stamp();
    if (descriptors.reading() >= 0) {
      descriptors.replace(copy);
    }
    staging.path = copy;
    setTimes(now.mtimeNanos());
    Replay.label(descriptors.reading(), name);
  }

  /** What was sent from memory is copied to the disk, for the cache. */
  void copyForCache(String onDisk) throws IOException {
    if (memory != null && !memory.onDisk()) {
      SparseCopy.copy(staging.path, onDisk);
      staging.copy = onDisk;
    }
  }

  /** Removes it; open descriptors go on reading it. */
  void remove() throws IOException {
    Files.unlinkIfExists(staging.path);
    if (staging.copy != null) {
      Files.unlinkIfExists(staging.copy);
    }
    if (memory != null) {
      memory.gone();
    }
  }
}
