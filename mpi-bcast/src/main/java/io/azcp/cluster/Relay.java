package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.CommunicatorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings chunks from their owners to all ranks. Several broadcasts are under way at once; the owner
 * fills buffers ahead, the others have theirs written by threads of their own, so that the fabric
 * waits for no disk as long as there are buffers. Used by the rank's own thread.
 */
final class Relay implements AutoCloseable {
  private static final long POLL_MILLIS = 100;
  private static final long CLOSE_SECONDS = 60;

  private final Communicator world;
  private final BroadcastBuffers buffers;
  private final int pipeline;
  private final ExecutorService readers;
  private final ExecutorService writers;

  /** What is done with a chunk at its ends. */
  interface Ends {
    /** At its owner, by a reader: puts the parts into the buffer; answers which cannot be had. */
    BitSet fill(Chunk chunk, ByteBuffer buffer);

    /** At the other ranks, by a writer: takes the parts. */
    void take(Chunk chunk, ByteBuffer buffer);

    /** At its owner, by a writer, once the others have it: so that both ends count the same. */
    void sent(Chunk chunk, ByteBuffer buffer);

    /** One of these failed in a way that nobody has foreseen. */
    void broken(Throwable failure);
  }

  /** A chunk in its buffer. */
  private static final class Slot {
    private final Chunk chunk;
    private final ByteBuffer buffer;
    private Future<?> filling;
    private Communicator.Request request;

    Slot(Chunk chunk, ByteBuffer buffer) {
      this.chunk = chunk;
      this.buffer = buffer;
    }
  }

  Relay(Communicator world, ClusterOptions options) {
    this.world = world;
    this.pipeline = options.pipeline();
    this.buffers = new BroadcastBuffers(options.pipeline() + options.writers(), options.chunk());
    this.readers = threads("azcp-bcast-read-", Math.min(2, options.pipeline() + 1));
    this.writers = threads("azcp-bcast-write-", options.writers());
  }

  private static ExecutorService threads(String name, int count) {
    var number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        count,
        work -> {
          Thread thread = new Thread(work, name + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Brings these chunks everywhere, in this order, which is the same on every rank. */
  void send(List<Chunk> chunks, Ends ends) throws CommunicatorException {
    Deque<Slot> assigned = new ArrayDeque<>();
    Deque<Slot> posted = new ArrayDeque<>();
    int next = 0;
    while (next < chunks.size() || !assigned.isEmpty() || !posted.isEmpty()) {
      while (next < chunks.size()) {
        ByteBuffer buffer = buffers.poll();
        if (buffer == null) {
          break;
        }
        assigned.add(assign(chunks.get(next++), buffer, ends));
      }
      while (!assigned.isEmpty() && posted.size() < pipeline) {
        posted.add(post(assigned.poll()));
      }
      if (posted.isEmpty()) {
        buffers.awaitOne(POLL_MILLIS);
      } else {
        complete(posted.poll(), ends);
      }
    }
  }

  private Slot assign(Chunk chunk, ByteBuffer buffer, Ends ends) {
    var slot = new Slot(chunk, buffer);
    if (chunk.owner() == world.rank()) {
      slot.filling =
          readers.submit(() -> Frame.seal(slot.buffer, chunk, ends.fill(chunk, slot.buffer)));
    }
    return slot;
  }

  private Slot post(Slot slot) throws CommunicatorException {
    if (slot.filling != null) {
      await(slot.filling);
    }
    ByteBuffer bytes = slot.buffer.duplicate().position(0).limit(Frame.length(slot.chunk));
    try {
      slot.request = world.startBroadcast(bytes, slot.chunk.owner());
      return slot;
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
  }

  private static void await(Future<?> filling) throws CommunicatorException {
    try {
      filling.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommunicatorException("interrupted while a broadcast was prepared", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new CommunicatorException("a broadcast could not be prepared: " + e.getCause(), e);
    }
  }

  private void complete(Slot slot, Ends ends) throws CommunicatorException {
    try {
      slot.request.await();
    } catch (CommunicatorException e) {
      throw e;
    } catch (AzcpException e) {
      throw new CommunicatorException(e.getMessage(), e);
    }
    writers.execute(
        () -> {
          try {
            if (slot.chunk.owner() == world.rank()) {
              ends.sent(slot.chunk, slot.buffer);
            } else {
              ends.take(slot.chunk, slot.buffer);
            }
          } catch (RuntimeException | Error e) {
            ends.broken(e);
          } finally {
            buffers.give(slot.buffer);
          }
        });
  }

  /** Waits until all that came is written. */
  void drain() throws IOException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
    while (!buffers.isIdle()) {
      if (System.nanoTime() - end > 0) {
        throw new AzcpException(Errno.ETIMEDOUT, "the disk took over ten minutes for a write");
      }
      Ballot.sleep(1);
    }
  }

  @Override
  public void close() {
    readers.shutdown();
    writers.shutdown();
    try {
      if (!writers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        readers.shutdown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
