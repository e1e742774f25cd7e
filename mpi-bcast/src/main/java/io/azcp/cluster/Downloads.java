package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.PosixException;
import io.azcp.transfer.engine.Workers;
import io.azcp.transfer.engine.Workers.Urgency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What this rank downloads, in the order in which it will be broadcast: requests go to the workers
 * so far ahead as they can take them, bytes into the files they belong to. A chunk of which every
 * part has come or failed is ready. A shard of which one request has failed for good is a failed
 * one: nothing more of it is asked for.
 */
final class Downloads implements AutoCloseable {
  private static final long POLL_MILLIS = 100;
  private static final long CLOSE_SECONDS = 130;

  /** Failures without one success after which the service is taken for out of reach. */
  private static final int HOPELESS = 4;

  /** Hears why a file cannot be had. */
  interface Failures {
    /** A shard has failed. */
    void failed(int shard, IOException reason);

    /** This node cannot take the bytes. */
    void local(IOException reason);
  }

  private final Shards shards;
  private final int firstDownload;
  private final Source source;
  private final Arrivals arrivals;
  private final Workers workers;
  private final ClusterOptions options;
  private final Failures failures;
  private final Semaphore ahead;
  private final Semaphore parallel;
  private final Thread thread;
  private final LongAdder bytes = new LongAdder();
  private final AtomicInteger unreachable = new AtomicInteger();
  private final long start = System.nanoTime();

  // Guarded by this.
  private final Deque<State> pending = new ArrayDeque<>();
  private final Map<Integer, AtomicInteger> large = new HashMap<>();
  private final BitSet failed = new BitSet();
  private long ready;
  private boolean over;
  private long nanos;

  /** A chunk whose parts are on their way. */
  private static final class State {
    private final AtomicInteger left = new AtomicInteger(1);
  }

  /**
   * Begins to download.
   *
   * @param chunks what this rank will broadcast, of which the parts from {@code firstDownload} on
   *     are to be had from the service
   */
  Downloads(
      Shards shards,
      int firstDownload,
      Chunks chunks,
      Source source,
      Arrivals arrivals,
      Workers workers,
      ClusterOptions options,
      Failures failures) {
    this.shards = shards;
    this.firstDownload = firstDownload;
    this.source = source;
    this.arrivals = arrivals;
    this.workers = workers;
    this.options = options;
    this.failures = failures;
    this.ahead = new Semaphore(2 * options.concurrency());
    this.parallel = new Semaphore(options.parallelFiles());
    this.thread = new Thread(() -> run(chunks), "azcp-download");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Chunks chunks) {
    try {
      for (Chunk chunk = chunks.next(); chunk != null && !isOver(); chunk = chunks.next()) {
        var state = new State();
        synchronized (this) {
          pending.add(state);
        }
        for (Chunk.Piece piece : chunk.pieces()) {
          if (piece.shard() >= firstDownload) {
            submit(piece, state);
          }
        }
        ended(state);
      }
    } catch (RejectedExecutionException e) {
      // Closed meanwhile.
      return;
    } catch (RuntimeException e) {
      failures.local(new AzcpException(Errno.EIO, "downloading failed unexpectedly: " + e, e));
    }
  }

  private void submit(Chunk.Piece piece, State state) {
    int shard = piece.shard();
    boolean wholeFile = piece.length() == fileSize(shard) && piece.length() <= options.blockSize();
    if (wholeFile) {
      request(state, shard, piece.length(), () -> whole(shard, piece.length()));
      return;
    }
    for (long done = 0; done < piece.length(); done += options.blockSize()) {
      long offset = piece.offset() + done;
      long length = Math.min(options.blockSize(), piece.length() - done);
      begin(shard);
      request(state, shard, length, () -> range(shard, offset, length));
    }
  }

  private long fileSize(int shard) {
    return shards.offset(shard) > 0 ? -1 : arrivals.size(shards.file(shard));
  }

  /** A work that brings bytes. */
  private interface Fetch {
    void run() throws IOException;
  }

  private void request(State state, int shard, long length, Fetch fetch) {
    acquire(ahead);
    state.left.incrementAndGet();
    workers.submit(
        Urgency.BULK,
        () -> {
          try {
            if (!isOver() && !isFailed(shard)) {
              fetch.run();
              unreachable.set(Integer.MIN_VALUE);
              bytes.add(length);
            }
          } catch (IOException e) {
            failed(shard, e);
          } catch (RuntimeException | Error e) {
            failed(shard, new AzcpException(Errno.EIO, "unexpected: " + e, e));
          } finally {
            ahead.release();
            leave(shard);
            ended(state);
          }
        });
  }

  private void whole(int shard, int length) throws IOException {
    if (length >= Chunks.ALIGNED_FROM) {
      source.whole(shards.file(shard), (data, at) -> store(shard, data, at));
      return;
    }
    // Opened and closed around its one request, so that few files are open.
    arrivals.whole(
        shards.file(shard),
        file -> source.whole(shards.file(shard), (data, at) -> store(file, data, at)));
  }

  private void store(ArrivingFile.Small file, ByteBuffer data, long offset) throws IOException {
    try {
      file.write(data, offset);
    } catch (IOException e) {
      throw local(e);
    }
  }

  private void range(int shard, long offset, long length) throws IOException {
    source.range(shards.file(shard), offset, length, (data, at) -> store(shard, data, at));
  }

  private void store(int shard, ByteBuffer data, long offset) throws IOException {
    try {
      arrivals.write(shards.file(shard), data, offset, false);
    } catch (IOException e) {
      throw local(e);
    }
  }

  /** What this node cannot do another cannot do for it. */
  private IOException local(IOException e) {
    failures.local(e);
    return e;
  }

  private void failed(int shard, IOException reason) {
    synchronized (this) {
      if (over || failed.get(shard)) {
        return;
      }
      failed.set(shard);
    }
    if (!(reason instanceof PosixException)) {
      failures.failed(shard, reason);
    }
    if (Retries.isOutOfReach(reason) && unreachable.incrementAndGet() >= HOPELESS) {
      giveUp();
    }
  }

  /** The service is out of reach: what is left would only wait as long again. */
  private synchronized void giveUp() {
    for (int shard = firstDownload; shard < shards.count(); shard++) {
      failed.set(shard);
    }
  }

  /** Large files at once are bounded; the last request of one lets the next begin. */
  private void begin(int shard) {
    AtomicInteger requests;
    synchronized (this) {
      requests = large.get(shard);
    }
    if (requests == null) {
      acquire(parallel);
      requests = new AtomicInteger();
      synchronized (this) {
        large.put(shard, requests);
      }
    }
    requests.incrementAndGet();
  }

  private void leave(int shard) {
    AtomicInteger requests;
    synchronized (this) {
      requests = large.get(shard);
      if (requests == null || requests.decrementAndGet() > 0) {
        return;
      }
      large.remove(shard);
    }
    parallel.release();
  }

  private void acquire(Semaphore permits) {
    try {
      while (!permits.tryAcquire(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (isOver()) {
          throw new RejectedExecutionException("closed");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RejectedExecutionException(e);
    }
  }

  private void ended(State state) {
    if (state.left.decrementAndGet() > 0) {
      return;
    }
    synchronized (this) {
      while (!pending.isEmpty() && pending.peek().left.get() == 0) {
        pending.poll();
        ready++;
      }
      nanos = System.nanoTime() - start;
      notifyAll();
    }
  }

  /** How many chunks are ready, from the first on. */
  synchronized long ready() {
    return ready;
  }

  /** Waits for more, but not long. */
  synchronized void awaitMore(long known, long millis) {
    try {
      if (ready == known) {
        TimeUnit.MILLISECONDS.timedWait(this, millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a shard cannot be had. */
  synchronized boolean isFailed(int shard) {
    return failed.get(shard);
  }

  /** A shard that was at hand cannot be read here. */
  synchronized void spoil(int shard) {
    failed.set(shard);
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Bytes that came. */
  long bytes() {
    return bytes.sum();
  }

  /** How long it took until the last chunk was ready. */
  synchronized long nanos() {
    return nanos;
  }

  /** Begins no other request and waits for those under way, which have deadlines. */
  @Override
  public void close() {
    synchronized (this) {
      over = true;
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      if (!ahead.tryAcquire(2 * options.concurrency(), CLOSE_SECONDS, TimeUnit.SECONDS)) {
        failures.local(
            new AzcpException(Errno.ETIMEDOUT, "requests did not end; their files are left alone"));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
