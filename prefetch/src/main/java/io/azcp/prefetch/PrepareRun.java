package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import io.azcp.transfer.engine.Workers;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One preparation: an event loop on the caller's thread. Look-ups, listing pages and fills run on
 * the workers and post what came of them as events; all state is touched by the loop alone.
 *
 * <p>Missing files wait in a window of bounded size, from which the largest goes first: so the long
 * ones do not trail at the end, and memory does not grow with the number of files. Where an order
 * is given, the first in that order goes first, and none goes that would lie too far ahead of the
 * reader. More names are looked up when the window has room.
 */
final class PrepareRun implements Fills.Ends {
  /** Missing files known ahead; a page more may come on top. */
  static final int WINDOW = 4096;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** Longer than every deadline of a single request with its retries. */
  private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** A job may think for long between two files. */
  private static final long READER_NANOS = TimeUnit.HOURS.toNanos(24);

  private final Cache cache;
  private final Predicate<String> changedHere;
  private final PrepareOptions options;
  private final PrepareListener listener;
  private final int window;
  private final Tally tally = new Tally();
  private final Events events;
  private final Lookups lookups;
  private final Fills fills;
  private final PriorityQueue<Wanted> waiting;
  private final Set<String> replaced = new HashSet<>();
  private final ReaderDistance distance;
  private long limitBytes;
  private long aheadBytes;
  private long admittedBytes;

  PrepareRun(
      BlobNames names,
      Cache cache,
      Workers workers,
      Predicate<String> changedHere,
      PrepareOptions options,
      PrepareListener listener,
      int window) {
    this.cache = cache;
    this.changedHere = changedHere;
    this.options = options;
    this.listener = listener;
    this.window = window;
    this.events = new Events(workers);
    this.lookups = new Lookups(events, names, changedHere, tally, this::offer);
    this.fills = new Fills(events, cache, tally, this);
    this.distance = new ReaderDistance(cache);
    Comparator<Wanted> order =
        options.inOrder()
            ? Comparator.comparingLong(Wanted::rank)
            : Comparator.comparingLong(Wanted::length).reversed();
    this.waiting = new PriorityQueue<>(order.thenComparing(Wanted::name));
  }

  PrepareResult run(PrepareNames wanted) throws IOException {
    limitBytes = cache.capacityBytes();
    aheadBytes = options.aheadBytes() > 0 ? options.aheadBytes() : limitBytes / 2;
    try {
      lookups.begin(wanted);
      loop();
    } finally {
      lookups.stop();
      waiting.clear();
      drain();
    }
    return tally.result();
  }

  private void loop() throws IOException {
    long last = -1;
    long changed = System.nanoTime();
    while (true) {
      startAll();
      if (done()) {
        tell();
        return;
      }
      handleEvents();
      tell();
      boolean moved = awaitsReader() && distance.look();
      long now = tally.steps() + tally.bytes() + fills.bytes();
      if (moved || now != last) {
        last = now;
        changed = System.nanoTime();
      } else {
        checkStall(System.nanoTime() - changed);
      }
    }
  }

  private void checkStall(long nanos) throws AzcpException {
    boolean readerIsAwaited = lookups.idle() && fills.idle() && !waiting.isEmpty();
    if (readerIsAwaited && nanos > READER_NANOS) {
      throw new AzcpException(
          Errno.ETIMEDOUT, "nothing of what was prepared has been read for a day");
    }
    if (!readerIsAwaited && nanos > STALL_NANOS) {
      throw new AzcpException(
          Errno.ETIMEDOUT, "prepare made no progress for ten minutes; see azcp status");
    }
  }

  private void tell() throws IOException {
    listener.progress(
        tally.files(), tally.bytes() + fills.bytes(), tally.filesKnown(), tally.bytesKnown());
  }

  private boolean done() {
    return lookups.done() && fills.idle() && waiting.isEmpty();
  }

  /** Waits for at most a tick, then handles what has come until a tick is over. */
  private void handleEvents() throws IOException {
    long deadline = System.nanoTime() + TICK_NANOS;
    Events.Event event;
    while ((event = events.poll(deadline)) != null) {
      event.handle();
      startAll();
      if (done()) {
        return;
      }
    }
  }

  /** After a failure: waits for files under way, so that none is left open. */
  private void drain() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!fills.idle() && System.nanoTime() < deadline) {
      try {
        Events.Event event = events.poll(Math.min(deadline, System.nanoTime() + TICK_NANOS));
        if (event != null) {
          event.handle();
        }
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          break;
        }
        tally.failed("", e);
      }
    }
    fills.close();
  }

  private void startAll() throws IOException {
    while (fills.hasRoom() && !waiting.isEmpty() && mayBegin(waiting.peek())) {
      fill(waiting.poll());
    }
    if (waiting.size() < window) {
      lookups.start();
    }
  }

  /** Whether a file would not lie too far ahead of the reader. */
  private boolean mayBegin(Wanted next) {
    return !options.inOrder()
        || distance.isEmpty()
        || (distance.hasRoom()
            && distance.bytes() + next.length() <= Math.min(aheadBytes, limitBytes));
  }

  /**
   * Where the reader is matters, and is looked for, only when the next file has to wait for him.
   */
  private boolean awaitsReader() {
    return fills.hasRoom() && !waiting.isEmpty() && !mayBegin(waiting.peek());
  }

  // ---- files

  private void offer(Wanted wanted) {
    try {
      if (options.pin() && !options.check()) {
        cache.pin(wanted.name());
      }
      if (changedHere.test(wanted.name()) || cache.isWhole(wanted.name(), wanted.version())) {
        there(wanted);
      } else if (options.check()) {
        tally.missing(wanted.length(), cache.presentBytes(wanted.name(), wanted.version()));
      } else {
        tally.known(1, wanted.length());
        waiting.add(wanted);
      }
    } catch (IOException e) {
      tally.failed(wanted.name(), e);
    }
  }

  private void there(Wanted wanted) throws IOException {
    tally.there(wanted.length());
    if (options.inOrder() && !options.check() && distance.hasRoom()) {
      // It counts as used now, so that what is fetched from here on does not drive it out.
      try (CachedFile file = cache.open(wanted.name(), wanted.version())) {
        distance.begun(file.version().length());
      }
      distance.fetched(wanted);
    } else {
      admittedBytes += wanted.length();
    }
  }

  private void fill(Wanted wanted) throws IOException {
    if (fills.has(wanted.name())) {
      // Named twice.
      tally.known(-1, -wanted.length());
      tally.there(wanted.length());
      return;
    }
    long admitted = options.inOrder() ? 0 : admittedBytes;
    if (admitted + wanted.length() > limitBytes) {
      tally.failed(wanted.name(), Fills.noRoom(wanted, limitBytes));
      return;
    }
    fills.begin(wanted);
    admittedBytes += wanted.length();
    distance.begun(wanted.length());
  }

  @Override
  public void whole(Wanted file) throws IOException {
    if (options.inOrder()) {
      distance.fetched(file);
    }
  }

  @Override
  public void failed(Wanted file, AzcpException reason) throws IOException {
    admittedBytes -= file.length();
    distance.failed(file.length());
    if (reason.errno() == Errno.ESTALE && replaced.add(file.name())) {
      tally.known(-1, -file.length());
      lookups.again(file);
    } else {
      tally.failed(file.name(), reason);
    }
  }
}
