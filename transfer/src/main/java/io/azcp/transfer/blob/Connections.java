package io.azcp.transfer.blob;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one endpoint: as many as requests under way, kept for reuse after a complete
 * answer, the last used first. One thread watches the clocks of all. Thread-safe.
 */
final class Connections implements AutoCloseable {
  /** Above this rest a connection is looked at before it is used again. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Above this rest it is closed; the service closes its side after some minutes. */
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How often one that waits for memory looks whether a connection rests. */
  private static final long MEMORY_POLL_MILLIS = 5;

  private final BlobUrl endpoint;
  private final ClientOptions options;
  private final TlsLibrary tls;
  private final Buffers buffers;
  private final Buffers records = new Buffers(Buffers.RECORD);
  private final Set<Connection> all = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedDeque<Connection> resting = new ConcurrentLinkedDeque<>();
  private final Object wake = new Object();
  private final Thread deadlines;
  private volatile boolean closed;

  /**
   * @param tls whose sessions those of an https endpoint are; null for http
   */
  Connections(BlobUrl endpoint, ClientOptions options, TlsLibrary tls) {
    this.endpoint = endpoint;
    this.options = options;
    this.tls = tls;
    this.buffers = new Buffers(tls == null ? Buffers.PLAIN : Buffers.SECURE);
    this.deadlines = new Thread(this::watch, "azcp-deadlines");
    deadlines.setDaemon(true);
    deadlines.start();
  }

  ClientOptions options() {
    return options;
  }

  boolean isClosed() {
    return closed;
  }

  static AzcpException cancelled() {
    return new AzcpException(Errno.ECANCELED, "the connection to the service is closed");
  }

  void checkOpen() throws AzcpException {
    if (closed) {
      throw cancelled();
    }
  }

  /**
   * A connection nobody else uses: a rested one that stands, or a new one. Where there is no memory
   * for its buffers, it waits for one of the others.
   */
  Connection acquire() throws IOException {
    int bytes = buffers.size() + (tls == null ? 0 : TlsWire.BYTES);
    long end = System.nanoTime() + options.requestTimeout().toNanos();
    while (true) {
      Connection rested = rested();
      if (rested != null) {
        return rested;
      }
      MemoryBudget.Reservation memory = MemoryBudget.ofProcess().tryReserve(bytes);
      if (memory != null) {
        return opened(memory);
      }
      if (System.nanoTime() - end > 0) {
        throw MemoryBudget.ofProcess().exhausted(bytes);
      }
      sleep(MEMORY_POLL_MILLIS);
    }
  }

  private Connection rested() throws AzcpException {
    checkOpen();
    for (Connection c = resting.pollFirst(); c != null; c = resting.pollFirst()) {
      if (c.restedNanos() < LOOK_NANOS || (c.restedNanos() < KEEP_NANOS && c.stands())) {
        return c;
      }
      discard(c);
    }
    return null;
  }

  private Connection opened(MemoryBudget.Reservation memory) throws IOException {
    Connection made = new Connection(this, endpoint, buffers.take(), memory);
    all.add(made);
    synchronized (wake) {
      wake.notifyAll();
    }
    try {
      made.open(engines(), buffers, records);
      return made;
    } catch (IOException | RuntimeException e) {
      discard(made);
      throw e;
    }
  }

  private TlsEngines engines() {
    return tls == null ? null : tls.now();
  }

  /** So many bytes of bodies have moved, or are about to. */
  void moves(long bytes) {
    if (tls != null) {
      tls.moves(bytes);
    }
  }

  /** Takes back a connection whose answer was read to its end. */
  void recycle(Connection connection) {
    if (connection.engines() != engines()) {
      // A cheaper library has come meanwhile: the next request gets a connection of that.
      discard(connection);
      return;
    }
    connection.rest();
    resting.addFirst(connection);
    if (closed && resting.remove(connection)) {
      discard(connection);
      return;
    }
    Connection oldest = resting.peekLast();
    if (oldest != null
        && oldest != connection
        && oldest.restedNanos() > KEEP_NANOS
        && resting.remove(oldest)) {
      discard(oldest);
    }
  }

  /** Closes a connection in doubt. Its using thread. */
  void discard(Connection connection) {
    all.remove(connection);
    connection.dispose();
    buffers.give(connection.buffer());
    connection.memory().close();
  }

  /** Waits as a limit wants it, unless all is closed meanwhile. */
  void pause(long nanos) throws AzcpException {
    if (nanos > 0) {
      sleep(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    }
  }

  /** Waits, unless all is closed meanwhile. */
  void sleep(long millis) throws AzcpException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (wake) {
      for (long left = millis; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        checkOpen();
        try {
          wake.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw cancelled();
        }
      }
    }
    checkOpen();
  }

  private void watch() {
    long tick =
        Math.max(
            5,
            Math.min(
                1000,
                Math.min(options.idleTimeout().toMillis(), options.requestTimeout().toMillis())
                    / 8));
    while (!closed) {
      try {
        synchronized (wake) {
          wake.wait(all.isEmpty() ? TimeUnit.MINUTES.toMillis(1) : tick);
        }
      } catch (InterruptedException e) {
        return;
      }
      long now = System.nanoTime();
      for (Connection connection : all) {
        connection.checkDeadline(now);
      }
    }
  }

  /** Closes all connections; requests under way end with {@code ECANCELED}. */
  @Override
  public void close() {
    closed = true;
    synchronized (wake) {
      wake.notifyAll();
    }
    all.forEach(Connection::abort);
    for (Connection c = resting.pollFirst(); c != null; c = resting.pollFirst()) {
      discard(c);
    }
    try {
      deadlines.join(TimeUnit.SECONDS.toMillis(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
