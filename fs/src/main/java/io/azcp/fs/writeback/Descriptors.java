package io.azcp.fs.writeback;

import io.azcp.base.posix.Fd;
import java.io.IOException;

/**
 * The descriptors of a staging file while it is open: one that is always read-only, and one to
 * write through that is opened when the daemon writes for the first time, which it never does where
 * the kernel writes past it, and closed with the last writer; our own writable descriptor would
 * else deny the read lease by which the end of all writers is told. Changed under the ledger's
 * lock, but for the opening; read by anybody.
 */
final class Descriptors {
  private static final int MODE = 0600;

  private int writing = -1;
  private volatile int reading = -1;

  /** To write through; there is a writer meanwhile. */
  synchronized int writing() throws IOException {
    if (writing < 0) {
      // The same inode, also where it has no name any more.
      writing = Fd.open("/proc/self/fd/" + reading, Fd.O_RDWR, 0);
    }
    return writing;
  }

  int reading() {
    return reading;
  }

  /** Makes the file. */
  void create(String path) throws IOException {
    reading = Fd.open(path, Fd.O_RDONLY | Fd.O_CREAT | Fd.O_EXCL, MODE);
  }

  void open(String path) throws IOException {
    reading = Fd.open(path, Fd.O_RDONLY, 0);
  }

  /** Leads both to another file with the same content. */
  synchronized void replace(String path) throws IOException {
    lead(path, Fd.O_RDONLY, reading);
    if (writing >= 0) {
      lead(path, Fd.O_RDWR, writing);
    }
  }

  private static void lead(String path, int flags, int fd) throws IOException {
    int other = Fd.open(path, flags, 0);
    try {
      Fd.dup3(other, fd);
    } finally {
      Fd.close(other);
    }
  }

  /** There is no writer any more. */
  synchronized void writersGone() {
    Fd.close(writing);
    writing = -1;
  }

  void close() {
    writersGone();
    Fd.close(reading);
    reading = -1;
  }
}
