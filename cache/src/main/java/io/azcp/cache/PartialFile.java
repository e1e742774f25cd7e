package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.cache.CachedFile.FaultListener;
import io.azcp.cache.CachedFile.PastListener;
import io.azcp.cache.ReadPlanner.Plan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open partial file: faults come in, fetches under claims bring the bytes ({@link
 * ClaimedFetches}), and when the last is there the file is published. A fetch that finds another
 * process's claim in its way is parked with the {@link ClaimWaiter} and gives its thread back.
 */
final class PartialFile extends OpenFile implements Faults.Starter {
  /** Files up to this size are fetched as a whole at the first fault. */
  private static final long SMALL = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(PartialFile.class);

  private final CacheContext context;
  private final PartialStore.Opened opened;
  private final RangeMap map;
  private final Faults faults;
  private final ClaimedFetches claims;
  private final Publication publication;
  private final PastReads past;
  private final Object look = new Object();
  private final Object writers = new Object();
  private final ReentrantLock writing = new ReentrantLock();
  private volatile AzcpException stale;

  /** Whether anybody reads it: what is only fetched ahead is not used by that. */
  private volatile boolean read;

  private volatile boolean willBeChanged;
  private boolean lookedForWhole;
  private boolean writersClosed;

  PartialFile(CacheContext context, String name, BlobVersion version, PartialStore.Opened opened) {
    super(name, version);
    this.context = context;
    this.opened = opened;
    this.map = opened.map();
    this.faults = new Faults(map, this, context.options().faultBudget().toNanos());
    this.claims = new ClaimedFetches(context, this, opened);
    this.past = new PastReads(context, this);
    this.publication = new Publication(context, this, opened);
    if (map.unsynced()) {
      context.fetchedFiles().note(key());
    }
  }

  // ---- the open file

  @Override
  int fd() {
    return opened.readFd();
  }

  @Override
  boolean whole() {
    return map.complete();
  }

  @Override
  long presentBytes() {
    return map.presentBytes();
  }

  @Override
  boolean present(long offset, long length) {
    long end = end(offset, length);
    return offset >= end || map.present(RangeMap.first(offset), map.behind(end));
  }

  private long end(long offset, long length) {
    return length < map.length() - offset ? offset + length : map.length();
  }

  @Override
  void ensure(
      long offset, long length, boolean urgent, ReadPlanner planner, FaultListener listener) {
    if (urgent) {
      read = true;
    }
    // A listener that is answered may close the last handle before the rest is asked for.
    retain();
    try {
      fault(offset, end(offset, length), urgent, planner, listener);
    } finally {
      context.openFiles().release(this);
    }
  }

  private void fault(
      long offset, long end, boolean urgent, ReadPlanner planner, FaultListener listener) {
    boolean here = offset >= end || faults.ready(RangeMap.first(offset), map.behind(end));
    AzcpException gone = stale;
    if (!here && gone != null) {
      listener.failed(gone);
    } else if (!here && map.length() <= SMALL) {
      faults.ensure(0, map.length(), map.length(), urgent, null);
      faults.ensure(offset, end, end, urgent, listener);
    } else {
      boolean plans = urgent && offset < end && gone == null && !map.complete();
      Plan plan = plans ? plan(planner, offset, end, !here) : Plan.upTo(end);
      if (here) {
        listener.ready();
      } else {
        faults.ensure(offset, end, plan.fetchTo(), urgent, listener);
      }
      faults.prefetch(end, plan.fetchTo());
      faults.prefetch(plan.alsoFrom(), plan.alsoTo());
    }
  }

  private Plan plan(ReadPlanner planner, long offset, long end, boolean waits) {
    long longest = context.room().longestWindow();
    synchronized (planner) {
      return planner.read(offset, end, waits, longest, map::presentBytes);
    }
  }

  /** Gives up the waits that have waited for too long. */
  @Override
  void expire() {
    faults.expire(key().name());
  }

  @Override
  void willBeChanged() {
    willBeChanged = true;
  }

  /** Makes room for bytes that are about to come. */
  void reserve(long bytes) throws IOException {
    context.room().reserve(key().name(), bytes, willBeChanged);
  }

  @Override
  void readPast(long offset, int length, PastListener listener) {
    retain();
    context
        .threads()
        .run(
            true,
            () -> {
              try {
                past.read(offset, length, listener);
              } finally {
                context.openFiles().release(this);
              }
            });
  }

  @Override
  List<FaultListener> abandoned() {
    return faults.giveUp();
  }

  @Override
  void closeFile() {
    publication.stop();
    closeWriters(true);
    past.close();
    if (read) {
      context.noteUse(this);
    }
    context.closeReader(opened.readFd(), key().name());
    if (stale != null || publication.superseded()) {
      try {
        context.partials().delete(context.partials().path(key().name(), key().version()));
      } catch (IOException e) {
        LOG.warn("A partial file that is not needed any more stays: {}", e.getMessage());
      }
    }
  }

  // ---- fetches

  @Override
  public Fetch make(int from, int to) {
    retain();
    return new Fetch(this, from, to);
  }

  @Override
  public void queue(Fetch fetch, boolean urgent) {
    if (!urgent || fetch.becomeUrgent()) {
      context.threads().run(urgent, fetch);
    }
  }

  /** Queues a fetch that was parked. */
  void queueAgain(Fetch fetch) {
    context.threads().run(fetch.urgent(), fetch);
  }

  long overrideAfterNanos() {
    return context.options().overrideAfter().toNanos();
  }

  /** Runs a fetch on a fetching thread, to its end or until it is parked. */
  void carryOut(Fetch fetch) {
    try {
      if (!hasHandles() || context.closed()) {
        faults.dropped(fetch);
      } else {
        lookForWhole();
        if (!claims.attempt(fetch)) {
          fetch.parkedAt(System.nanoTime());
          context.claims().park(fetch);
          return;
        }
        arrived(fetch.from(), fetch.to());
        faults.finished(fetch);
      }
    } catch (IOException | RuntimeException e) {
      failed(fetch, e);
    }
    closeWriters(false);
    context.openFiles().release(this);
  }

  private void failed(Fetch fetch, Exception cause) {
    AzcpException reason =
        cause instanceof AzcpException known
            ? known
            : new AzcpException(
                Errno.EIO, "Reading " + key().name() + " failed: " + cause.getMessage(), cause);
    if (reason.errno() == Errno.ESTALE) {
      stale = reason;
      faults.giveUp().forEach(listener -> listener.failed(reason));
    }
    if (faults.failed(fetch, reason, mayPass(reason))) {
      long until = System.nanoTime() + Faults.PAUSE_NANOS;
      context.claims().park(() -> resumeAt(until));
    }
  }

  /** Whether it may go well in a while: the service, not the cache's disk, was the trouble. */
  private static boolean mayPass(AzcpException reason) {
    return !(reason instanceof PosixException)
        && switch (reason.errno()) {
          case EIO, EAGAIN, EBUSY, ENOMEM, ETIMEDOUT, EHOSTDOWN -> true;
          default -> false;
        };
  }

  private boolean resumeAt(long nanoTime) {
    boolean due = System.nanoTime() - nanoTime >= 0;
    if (due) {
      faults.resume();
    }
    return due;
  }

  /**
   * Writes fetched bytes, one fetch at a time: writers that fight for the inode's lock in the
   * kernel spin, and push each other's buffers out of the processor's cache.
   */
  void write(ByteBuffer data, long offset) throws IOException {
    writing.lock();
    try {
      Fd.pwriteFully(opened.dataFd(), data, offset);
    } finally {
      writing.unlock();
    }
  }

  /** Bytes of a unit are there. */
  void arrivedWithin(int unit, long position) {
    faults.arrivedWithin(unit, position);
  }

  /** Units are there and in the map: publishes after the last, then tells who waits. */
  void arrived(int from, int to) {
    if (map.complete()) {
      publication.publish();
      faults.settle();
    } else {
      context.fetchedFiles().note(key());
    }
    faults.arrived(from, to);
  }

  /** Looks at a parked fetch, on the waiter's thread. */
  Fetch.Look look(Fetch fetch) {
    try {
      if (map.refresh(fetch.from(), fetch.to())) {
        // Publishing may take an entry lock: that is left to the thread the fetch ends on.
        faults.arrived(fetch.from(), fetch.to());
        return map.present(fetch.from(), fetch.to()) ? Fetch.Look.FREE : Fetch.Look.PROGRESS;
      }
      long offset = map.offset(fetch.from());
      boolean free =
          !hasHandles()
              || context.closed()
              || OfdLock.isFree(opened.dataFd(), offset, map.offset(fetch.to()) - offset);
      return free ? Fetch.Look.FREE : Fetch.Look.NOTHING;
    } catch (IOException e) {
      // The fetch itself meets the same trouble and reports it.
      return Fetch.Look.FREE;
    }
  }

  // ---- becoming whole

  /** Publishes a file whose last byte was there already when it was opened. */
  void publishIfComplete() {
    if (map.complete()) {
      publication.publish();
      faults.settle();
      closeWriters(false);
    }
  }

  /** Before the first fetch: the whole file may lie in its place by now, or an unmarked one. */
  private void lookForWhole() throws IOException {
    synchronized (look) {
      if (!lookedForWhole && publication.takeWhole()) {
        map.fill();
      }
      lookedForWhole = true;
    }
  }

  /**
   * Closes what only fetches use, once everything is there, so that no descriptor open for writing
   * is left on a published file.
   */
  private void closeWriters(boolean evenIfIncomplete) {
    synchronized (writers) {
      boolean due = evenIfIncomplete || (map.complete() && faults.idle() && publication.over());
      if (due && !writersClosed) {
        writersClosed = true;
        Fd.close(opened.dataFd());
        Fd.close(opened.mapFd());
      }
    }
  }

  /** Tells that publishing, put off because of another process, has come to its end. */
  void publicationOver() {
    closeWriters(false);
  }
}
