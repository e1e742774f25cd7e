package io.azcp.bench.cluster;

import io.azcp.base.AzcpException;
import io.azcp.mpi.Communicator;
import io.azcp.mpi.MpiWorld;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * A rank that broadcasts memory through azcp's communicator, as {@code bcast.c} does with {@code
 * -}: {@code MemoryBroadcast FILES MIB CHUNK_MIB PIPELINE}.
 */
public final class MemoryBroadcast {
  /** What each rank broadcasts before the clock starts, in bytes. */
  private static final int WARM_UP = 1 << 20;

  private MemoryBroadcast() {}

  public static void main(String[] args) throws AzcpException {
    int files = Integer.parseInt(args[0]);
    long bytes = Long.parseLong(args[1]) << 20;
    int chunk = Integer.parseInt(args[2]) << 20;
    int depth = Integer.parseInt(args[3]);
    try (Communicator world =
        MpiWorld.open(System.getenv(), MpiWorld.PATIENCE, text -> System.err.println(text))) {
      List<ByteBuffer> ring = new ArrayList<>();
      for (int i = 0; i < depth; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(chunk);
        while (buffer.hasRemaining()) {
          buffer.put((byte) (world.rank() + 1));
        }
        ring.add(buffer.clear());
      }
      move(world, ring, world.size(), Math.min(chunk, WARM_UP), chunk);
      world.barrier();
      long start = System.nanoTime();
      move(world, ring, files, bytes, chunk);
      world.barrier();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (world.rank() == 0) {
        System.out.printf(
            Locale.ROOT,
            "%d bytes %.3f s %.2f Gb/s%n",
            bytes * files,
            seconds,
            bytes * files * 8 / seconds / 1e9);
      }
    }
  }

  private static void move(
      Communicator world, List<ByteBuffer> ring, int files, long bytes, int chunk)
      throws AzcpException {
    Deque<Communicator.Request> pending = new ArrayDeque<>();
    int posted = 0;
    for (int file = 0; file < files; file++) {
      for (long at = 0; at < bytes; at += chunk) {
        if (pending.size() == ring.size()) {
          pending.remove().await();
        }
        ByteBuffer buffer = ring.get(posted++ % ring.size());
        buffer.clear().limit((int) Math.min(chunk, bytes - at));
        pending.add(world.startBroadcast(buffer, file % world.size()));
      }
    }
    while (!pending.isEmpty()) {
      pending.remove().await();
    }
  }
}
