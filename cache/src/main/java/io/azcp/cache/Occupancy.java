package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much lies in the folder, as counters in a page that all processes map ({@code
 * .azcp/locks/usage}). They are an index: a process that was killed leaves them a little off, and a
 * scan of the folder sets them right.
 */
final class Occupancy {
  private static final int PAGE = 4096;
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** What is counted; each at a place of its own in the page. */
  enum Counter {
    WHOLE_FILES(0),
    WHOLE_BYTES(8),
    PARTIAL_FILES(16),
    PARTIAL_BYTES(24),
    /** Milliseconds since the epoch of the last scan; 0 for none. */
    SCANNED_AT(32),
    /** All changes of the numbers of files so far, whatever their sign. */
    FILES_MOVED(40),
    /** All changes of the numbers of bytes so far, whatever their sign. */
    BYTES_MOVED(48);

    private final int offset;

    Counter(int offset) {
      this.offset = offset;
    }
  }

  private final ByteBuffer page;

  /** Bytes counted as partial by this process that are not stored yet. */
  private final AtomicLong reserved = new AtomicLong();

  Occupancy(String folder) throws IOException {
    String path = folder + "/usage";
    int fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
    try {
      if (Files.fstat(fd).size() < PAGE) {
        // Blocks of its own: a write to a mapped hole would kill the process on a full disk.
        Fd.allocate(fd, 0, PAGE);
      }
      // Java opens paths in the encoding of the locale; the descriptor's own name is always ASCII.
      try (var file = new RandomAccessFile("/proc/self/fd/" + fd, "rw")) {
        page = file.getChannel().map(MapMode.READ_WRITE, 0, PAGE);
      }
    } finally {
      Fd.close(fd);
    }
  }

  long get(Counter counter) {
    return Math.max(0, (long) LONG.getVolatile(page, counter.offset));
  }

  /** A scan has ended. */
  void scanned() {
    LONG.setVolatile(page, Counter.SCANNED_AT.offset, System.currentTimeMillis());
  }

  void add(Counter counter, long delta) {
    boolean files = counter == Counter.WHOLE_FILES || counter == Counter.PARTIAL_FILES;
    Counter moved = files ? Counter.FILES_MOVED : Counter.BYTES_MOVED;
    LONG.getAndAdd(page, moved.offset, Math.abs(delta));
    LONG.getAndAdd(page, counter.offset, delta);
  }

  /** One whole file more. */
  void wholeAdded(long bytes) {
    add(Counter.WHOLE_FILES, 1);
    add(Counter.WHOLE_BYTES, bytes);
  }

  /** One whole file less. */
  void wholeRemoved(long bytes) {
    add(Counter.WHOLE_FILES, -1);
    add(Counter.WHOLE_BYTES, -bytes);
  }

  /** Counts bytes as partial that are about to come. */
  void reserve(long bytes) {
    reserved.addAndGet(bytes);
    add(Counter.PARTIAL_BYTES, bytes);
  }

  /** Those bytes have come, or will not; the caller corrects the counter for the latter. */
  void unreserve(long bytes) {
    reserved.addAndGet(-bytes);
  }

  /** The counters before a scan, to correct them by what it finds. */
  final class Before {
    private final long[] values = new long[Counter.values().length];
    private final long held = reserved.get();

    Before() {
      for (Counter counter : Counter.values()) {
        values[counter.ordinal()] = (long) LONG.getVolatile(page, counter.offset);
      }
    }

    /**
     * Corrects a counter by the difference to what was found, if that is more than may have changed
     * while the scan went on: a scan of a folder in use is exact to that.
     */
    void correct(Counter counter, long found) {
      boolean files = counter == Counter.WHOLE_FILES || counter == Counter.PARTIAL_FILES;
      Counter moved = files ? Counter.FILES_MOVED : Counter.BYTES_MOVED;
      long expected = counter == Counter.PARTIAL_BYTES ? found + held : found;
      long difference = expected - values[counter.ordinal()];
      if (Math.abs(difference) > get(moved) - values[moved.ordinal()]) {
        add(counter, difference);
      }
    }
  }

  /** Whole and partial bytes. */
  long total() {
    return get(Counter.WHOLE_BYTES) + get(Counter.PARTIAL_BYTES);
  }
}
