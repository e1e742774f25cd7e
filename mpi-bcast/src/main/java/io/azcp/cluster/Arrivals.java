package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that are to land on this node, and which of them are whole by now. A file that comes at
 * one stroke is written and closed; one that comes in parts stays open meanwhile. Thread-safe.
 */
final class Arrivals implements AutoCloseable {
  private final FileTable table;
  private final Landing landing;
  private final Holdings holdings;
  private final boolean direct;

  // Guarded by this.
  private final Map<Integer, ArrivingFile> open = new HashMap<>();
  private final Map<Integer, Long> left = new HashMap<>();
  private final BitSet whole = new BitSet();
  private boolean closed;

  Arrivals(FileTable table, Landing landing, Holdings holdings, boolean direct) {
    this.table = table;
    this.landing = landing;
    this.holdings = holdings;
    this.direct = direct;
  }

  /** Proves that there is room for what is wanted, and takes hold of it for large files. */
  void prepare(BitSet wanted) throws IOException {
    long bytes = 0;
    long files = 0;
    for (int file = wanted.nextSetBit(0); file >= 0; file = wanted.nextSetBit(file + 1)) {
      if (!holdings.isHere(file)) {
        long blocks = (table.size(file) + Chunks.ALIGNMENT - 1) / Chunks.ALIGNMENT;
        bytes += blocks * Chunks.ALIGNMENT;
        files++;
      }
    }
    landing.checkRoom(bytes, files);
    for (int file = wanted.nextSetBit(0); file >= 0; file = wanted.nextSetBit(file + 1)) {
      if (!holdings.isHere(file) && table.size(file) >= Chunks.ALIGNED_FROM) {
        reserve(file);
      }
    }
  }

  private void reserve(int file) throws IOException {
    try {
      ArrivingFile.reserve(landing.temporary(file), table.size(file));
    } catch (PosixException e) {
      throw new AzcpException(
          e.errno(),
          "cannot make room for "
              + table.get(file).name()
              + " ("
              + table.size(file)
              + " bytes): "
              + e.errno().text(),
          e);
    }
  }

  /** Makes the files that have no byte. */
  void makeEmpty(BitSet files) throws IOException {
    for (int file = files.nextSetBit(0); file >= 0; file = files.nextSetBit(file + 1)) {
      if (!holdings.isHere(file)) {
        whole(file, empty -> {});
        markWhole(file);
      }
    }
  }

  /** Bytes of a file. */
  long size(int file) {
    return table.size(file);
  }

  /** Whether a file is to land here and is not whole yet. */
  synchronized boolean isAwaited(int file) {
    return !holdings.isHere(file) && !whole.get(file);
  }

  /** What writes all of a small file. */
  @FunctionalInterface
  interface Writing {
    void write(ArrivingFile.Small file) throws IOException;
  }

  /** A file at one stroke. */
  void whole(int file, Writing writing) throws IOException {
    try (var small = new ArrivingFile.Small(landing.temporary(file), table.get(file))) {
      writing.write(small);
      small.finish();
    }
  }

  /** A part of a file; around the page cache where the buffer is aligned and that is wanted. */
  void write(int file, ByteBuffer data, long offset, boolean aligned) throws IOException {
    ArrivingFile target = file(file);
    if (aligned) {
      target.writeDirect(data, offset);
    } else {
      target.write(data, offset);
    }
  }

  private synchronized ArrivingFile file(int file) throws IOException {
    if (closed) {
      throw new AzcpException(Errno.ECANCELED, "the run is over");
    }
    ArrivingFile target = open.get(file);
    if (target == null) {
      target = new ArrivingFile(landing.temporary(file), table.get(file), direct);
      open.put(file, target);
    }
    return target;
  }

  /** Fills a buffer from a file that is here, or has arrived as far as is asked for. */
  void read(int file, ByteBuffer into, long offset) throws IOException {
    ArrivingFile arriving;
    synchronized (this) {
      arriving = open.get(file);
    }
    if (arriving != null) {
      arriving.read(into, offset);
      return;
    }
    String path = holdings.isHere(file) ? landing.place(table.get(file)) : landing.temporary(file);
    int fd = Fd.open(path, Fd.O_RDONLY, 0);
    try {
      ArrivingFile.read(fd, path, into, offset);
    } finally {
      Fd.close(fd);
    }
  }

  /** A shard of a file has arrived; after the last one it is whole. */
  void arrived(int file, long bytes) throws IOException {
    if (holdings.isHere(file)) {
      return;
    }
    ArrivingFile target;
    synchronized (this) {
      long now = left.getOrDefault(file, table.size(file)) - bytes;
      if (now > 0) {
        left.put(file, now);
        return;
      }
      left.remove(file);
      target = open.remove(file);
    }
    if (target != null) {
      try (target) {
        target.finish();
      }
    }
    markWhole(file);
  }

  private synchronized void markWhole(int file) {
    whole.set(file);
  }

  /** The files that have arrived whole. */
  synchronized BitSet whole() {
    return (BitSet) whole.clone();
  }

  /** Where the bytes of a whole file lie now. */
  String path(int file) throws IOException {
    return holdings.isHere(file) ? landing.place(table.get(file)) : landing.temporary(file);
  }

  /** Closes what is still open; nothing more can arrive. */
  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(ArrivingFile::close);
    open.clear();
  }
}
