package io.azcp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Memory that a run finds touched. A virtual machine gives free pages back to its host after some
 * seconds, and the next who touches them waits for the host, which the kernel counts as his time:
 * up to 3 CPU seconds a GiB, more than a whole download. So that each run pays only for itself, a
 * file on tmpfs holds as much as it will take, and is shortened as the run takes it: what it takes
 * was given back a moment before.
 */
public final class TouchedMemory implements AutoCloseable {
  /** What is free in advance: a process's own memory, and what it can write between two looks. */
  private static final long AHEAD = 256 << 20;

  private static final long LOOK_MILLIS = 5;

  /** Touched pages are written faster; pages that were given back cost several times as much. */
  private static final double TOUCHED_SECONDS_PER_GIB = 0.6;

  /** So often at most is all memory of a run written to get hold of touched pages. */
  private static final int PASSES = 4;

  private final FileChannel file;
  private final FileStore store;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread giver;
  private long held;
  private final long free;

  private TouchedMemory(FileChannel file, FileStore store, long held) throws IOException {
    this.file = file;
    this.store = store;
    this.held = held;
    this.free = store.getUnallocatedSpace();
    this.giver = new Thread(this::give, "touched-memory");
    giver.setDaemon(true);
    shorten();
    giver.start();
  }

  /** Touches memory for a run that writes so many bytes to tmpfs, besides what it needs itself. */
  public static TouchedMemory in(Path folder, long bytes) throws IOException {
    Path path = Files.createTempFile(folder, "touched", "");
    FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
    Files.delete(path);
    long held = bytes + AHEAD;
    try {
      double fastEnough = TOUCHED_SECONDS_PER_GIB * held / (1 << 30) * 1e9;
      int passes = 1;
      while (write(file, held) > fastEnough && passes++ < PASSES) {
        // The next pass is given what this one has touched.
        file.truncate(0);
      }
      return new TouchedMemory(file, Files.getFileStore(folder), held);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Fills the file; answers how many nanoseconds that took. */
  private static long write(FileChannel file, long bytes) throws IOException {
    long start = System.nanoTime();
    ByteBuffer block = ByteBuffer.allocateDirect(1 << 20);
    for (long at = 0; at < bytes; ) {
      block.clear().limit((int) Math.min(block.capacity(), bytes - at));
      at += file.write(block, at);
    }
    return System.nanoTime() - start;
  }

  private void give() {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        shorten();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets go of what the run took, so that always as much is free as in the beginning. */
  private void shorten() throws IOException {
    long taken = free + AHEAD - store.getUnallocatedSpace();
    if (taken > 0 && held > 0) {
      held = Math.max(0, held - taken);
      file.truncate(held);
    }
  }

  /** Lets go of the rest. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    try {
      giver.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    file.close();
  }
}
