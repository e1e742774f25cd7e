package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * How much lies in the folder, as counters in a page that all processes map ({@code
 * .azcp/locks/usage}). They are an index: a process that was killed leaves them a little off, and a
 * scan of the folder sets them right.
 */
final class Occupancy implements AutoCloseable {
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
    BYTES_MOVED(48),
    /** How often something came that takes of the limit besides files. */
    STATE_ADDED(56);

    private final int offset;

    Counter(int offset) {
      this.offset = offset;
    }
  }

  /** A correction downwards leaves so much alone: a process in the middle of a step. */
  private static final long SLACK = 256 << 10;

  /** Where the processes' own numbers begin in the page, of bytes counted and not stored yet. */
  private static final int HELD = 1024;

  private static final int PROCESSES = (PAGE - HELD) / Long.BYTES;

  private final ByteBuffer page;

  /** Its lock on the byte of its number says that this process lives. */
  private final int fd;

  private final int mine;

  /** Shared by steps, exclusive where a scan begins and ends. */
  private final ReadWriteLock steps = new ReentrantReadWriteLock();

  /** Bytes counted as partial by this process that are not stored yet; in the page, too. */
  private final AtomicLong reserved = new AtomicLong();

  Occupancy(String folder) throws IOException {
    String path = folder + "/usage";
    fd = Fd.open(path, Fd.O_RDWR | Fd.O_CREAT, 0600);
    boolean opened = false;
    try {
      if (Files.fstat(fd).size() < PAGE) {
        // Blocks of its own: a write to a mapped hole would kill the process on a full disk.
        Fd.allocate(fd, 0, PAGE);
      }
      // Java opens paths in the encoding of the locale; the descriptor's own name is always ASCII.
      try (var file = new RandomAccessFile("/proc/self/fd/" + fd, "rw")) {
        page = file.getChannel().map(MapMode.READ_WRITE, 0, PAGE);
      }
      mine = takeNumber();
      opened = true;
    } finally {
      if (!opened) {
        Fd.close(fd);
      }
    }
  }

  /** −1 where hundreds of processes have theirs. */
  private int takeNumber() throws IOException {
    for (int i = 0; i < PROCESSES; i++) {
      if (OfdLock.tryExclusive(fd, HELD + (long) i * Long.BYTES, 1)) {
        LONG.setVolatile(page, HELD + i * Long.BYTES, 0L);
        return i;
      }
    }
    return -1;
  }

  private void hold(long bytes) {
    reserved.addAndGet(bytes);
    if (mine >= 0) {
      LONG.getAndAdd(page, HELD + mine * Long.BYTES, bytes);
    }
  }

  /** What living processes have counted and not stored yet. */
  private long heldByAll() throws IOException {
    long all = mine >= 0 ? 0 : reserved.get();
    for (int i = 0; i < PROCESSES; i++) {
      long held = (long) LONG.getVolatile(page, HELD + i * Long.BYTES);
      if (held != 0 && (i == mine || !OfdLock.isFree(fd, HELD + (long) i * Long.BYTES, 1))) {
        all += held;
      }
    }
    return all;
  }

  @Override
  public void close() {
    Fd.close(fd);
  }

  long get(Counter counter) {
    return Math.max(0, raw(counter));
  }

  private long raw(Counter counter) {
    return (long) LONG.getVolatile(page, counter.offset);
  }

  private void add(Counter counter, long delta) {
    boolean files = counter == Counter.WHOLE_FILES || counter == Counter.PARTIAL_FILES;
    Counter moved = files ? Counter.FILES_MOVED : Counter.BYTES_MOVED;
    LONG.getAndAdd(page, moved.offset, Math.abs(delta));
    LONG.getAndAdd(page, counter.offset, delta);
  }

  /**
   * One whole file more, and one partial file less where it was counted as one: nobody who looks
   * meanwhile finds it twice.
   */
  void becomesWhole(long bytes, long partialBytes) {
    if (partialBytes > 0) {
      partialRemoved(partialBytes);
    }
    add(Counter.WHOLE_BYTES, bytes);
    add(Counter.WHOLE_FILES, 1);
  }

  /** Takes that back. */
  void staysPartial(long bytes, long partialBytes) {
    wholeRemoved(bytes);
    if (partialBytes > 0) {
      partialAdded(partialBytes);
    }
  }

  /** One partial file more. */
  void partialAdded(long bytes) {
    add(Counter.PARTIAL_BYTES, bytes);
    add(Counter.PARTIAL_FILES, 1);
  }

  /** One partial file less. */
  void partialRemoved(long bytes) {
    add(Counter.PARTIAL_BYTES, -bytes);
    add(Counter.PARTIAL_FILES, -1);
  }

  /** One whole file less. */
  void wholeRemoved(long bytes) {
    add(Counter.WHOLE_FILES, -1);
    add(Counter.WHOLE_BYTES, -bytes);
  }

  /** A whole file changes its place, and may be found twice by a scan meanwhile. */
  void moved(long bytes) {
    LONG.getAndAdd(page, Counter.FILES_MOVED.offset, 1L);
    LONG.getAndAdd(page, Counter.BYTES_MOVED.offset, bytes);
  }

  /** A change of the folder together with that of the counters. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Makes both such that no scan of this process begins or ends in between. */
  void step(Step step) throws IOException {
    steps.readLock().lock();
    try {
      step.run();
    } finally {
      steps.readLock().unlock();
    }
  }

  /** Looks at the folder and the counters while no step of this process is half done. */
  void between(Step look) throws IOException {
    steps.writeLock().lock();
    try {
      look.run();
    } finally {
      steps.writeLock().unlock();
    }
  }

  /** Tells all processes to measure anew what takes of the limit besides files. */
  void stateAdded() {
    LONG.getAndAdd(page, Counter.STATE_ADDED.offset, 1L);
  }

  /** Counts bytes as partial that are about to come. */
  void reserve(long bytes) {
    steps.readLock().lock();
    try {
      hold(bytes);
      add(Counter.PARTIAL_BYTES, bytes);
    } finally {
      steps.readLock().unlock();
    }
  }

  /** So many of those bytes have come; called in the step that tells the map. */
  void stored(long bytes) {
    // A scan may find them, and know of them as bytes to come.
    LONG.getAndAdd(page, Counter.BYTES_MOVED.offset, bytes);
    hold(-bytes);
  }

  /** So many of those bytes will not come. */
  void giveBack(long bytes) {
    steps.readLock().lock();
    try {
      hold(-bytes);
      add(Counter.PARTIAL_BYTES, -bytes);
    } finally {
      steps.readLock().unlock();
    }
  }

  /** The counters as they are now, before a scan. */
  Before before() throws IOException {
    steps.writeLock().lock();
    try {
      return new Before();
    } finally {
      steps.writeLock().unlock();
    }
  }

  /** The counters before a scan, to correct them by what it finds. */
  final class Before {
    private final Map<Counter, Long> values = new EnumMap<>(Counter.class);
    private final long held;

    private Before() throws IOException {
      held = heldByAll();
      for (Counter counter : Counter.values()) {
        values.put(counter, raw(counter));
      }
    }

    /** Corrects the counters by what a scan that is over has found. */
    void correct(long[] whole, long[] partial) {
      steps.writeLock().lock();
      try {
        correct(Counter.WHOLE_FILES, whole[0], Counter.FILES_MOVED, 0);
        correct(Counter.WHOLE_BYTES, whole[1], Counter.BYTES_MOVED, 0);
        correct(Counter.PARTIAL_FILES, partial[0], Counter.FILES_MOVED, 0);
        correct(Counter.PARTIAL_BYTES, partial[1] + held, Counter.BYTES_MOVED, SLACK);
        LONG.setVolatile(page, Counter.SCANNED_AT.offset, System.currentTimeMillis());
      } finally {
        steps.writeLock().unlock();
      }
    }

    /** By the difference, if it is more than may have changed while the scan went on. */
    private void correct(Counter counter, long found, Counter moved, long slack) {
      long difference = found - values.get(counter);
      long unsure = raw(moved) - values.get(moved) + (difference < 0 ? slack : 0);
      if (Math.abs(difference) > unsure) {
        add(counter, difference);
      }
    }
  }

  /** Bytes that this process has counted and not stored yet. */
  long held() {
    return reserved.get();
  }

  /** Whole and partial bytes. */
  long total() {
    return get(Counter.WHOLE_BYTES) + get(Counter.PARTIAL_BYTES);
  }
}
