package io.azcp.transfer.engine.sync;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A listing, which tells its entries by itself, as a stream from which they are taken: it runs on a
 * thread of its own, and so far ahead as a bounded queue allows. Closing lets the listing end at
 * its next entry.
 */
public final class Readahead implements EntryStream {
  private static final int CHUNK = 200;

  /** In all some 0.5 MiB, little enough to be gone before a collector thinks it will stay. */
  private static final int CHUNKS = 4;

  private static final long POLL_MILLIS = 200;

  /** Takes entries. What it throws must end the listing. */
  @FunctionalInterface
  public interface Sink {
    /** Takes one. */
    void add(Entry entry) throws IOException;
  }

  /** Tells entries to its end. */
  @FunctionalInterface
  public interface Listing {
    /** Tells them all. */
    void run(Sink sink) throws IOException;
  }

  /** Some entries; the last chunk says so, and why where it was not the end. */
  private record Chunk(List<Entry> entries, boolean last, IOException failure) {}

  private final BlockingQueue<Chunk> queue = new ArrayBlockingQueue<>(CHUNKS);
  private volatile boolean closed;
  private Chunk current = new Chunk(List.of(), false, null);
  private Iterator<Entry> entries = current.entries().iterator();

  private Readahead() {}

  /** Starts a listing. */
  public static Readahead of(Listing listing) {
    var stream = new Readahead();
    var thread = new Thread(() -> stream.list(listing), "azcp-listing");
    thread.setDaemon(true);
    thread.start();
    return stream;
  }

  private void list(Listing listing) {
    var gathering = new Gathering();
    IOException failure = null;
    try {
      listing.run(gathering);
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      failure = new AzcpException(Errno.EIO, "the listing failed unexpectedly: " + e, e);
    }
    if (!closed) {
      put(new Chunk(gathering.entries, true, failure));
    }
  }

  /** Returns at once when nobody reads any more. */
  private void put(Chunk chunk) {
    try {
      boolean done = false;
      while (!done && !closed) {
        done = queue.offer(chunk, POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but the end of the process.
      closed = true;
    }
  }

  private final class Gathering implements Sink {
    private List<Entry> entries = new ArrayList<>(CHUNK);

    @Override
    public void add(Entry entry) throws IOException {
      if (closed) {
        throw new AzcpException(Errno.ECANCELED, "nobody reads the listing any more");
      }
      entries.add(entry);
      if (entries.size() == CHUNK) {
        put(new Chunk(entries, false, null));
        entries = new ArrayList<>(CHUNK);
      }
    }
  }

  /** The next entry; what ended the listing is thrown after those that it told. */
  @Override
  public Entry next() throws IOException {
    while (!entries.hasNext()) {
      if (current.failure() != null) {
        throw current.failure();
      }
      if (current.last() || closed) {
        return null;
      }
      current = take();
      entries = current.entries().iterator();
    }
    return entries.next();
  }

  /** Every request of the listing has its deadline, so that there will be a chunk. */
  private Chunk take() throws IOException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.ECANCELED, "interrupted while the service was listing", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    queue.clear();
  }
}
