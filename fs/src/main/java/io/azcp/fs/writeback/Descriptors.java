package io.azcp.fs.writeback;

import io.azcp.base.posix.Fd;
import java.io.IOException;

/**
 * The two descriptors of a staging file while it is open: one that is always read-only, and one
 * whose number stays the same while what it leads to can be written only as long as there is a
 * writer; our own writable descriptor would else deny the read lease by which the end of all
 * writers is told. Changed under the ledger's lock, read by anybody.
 */
final class Descriptors {
  private static final int MODE = 0600;

  private volatile int both = -1;
  private volatile int reading = -1;

  int both() {
    return both;
  }

  int reading() {
    return reading;
  }

  /** Makes the file, open for writing. */
  void create(String path) throws IOException {
    int made = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, MODE);
    reading = Fd.open("/proc/self/fd/" + made, Fd.O_RDONLY, 0);
    both = made;
  }

  void open(String path, boolean writable) throws IOException {
    reading = Fd.open(path, Fd.O_RDONLY, 0);
    both = openLike(writable);
  }

  /** Opens the same inode again, also where it has no name any more. */
  private int openLike(boolean writable) throws IOException {
    return Fd.open("/proc/self/fd/" + reading, writable ? Fd.O_RDWR : Fd.O_RDONLY, 0);
  }

  void makeWritable(boolean writable) throws IOException {
    int other = openLike(writable);
    try {
      Fd.dup2(other, both);
    } finally {
      Fd.close(other);
    }
  }

  void close() {
    Fd.close(both);
    Fd.close(reading);
    both = -1;
    reading = -1;
  }
}
