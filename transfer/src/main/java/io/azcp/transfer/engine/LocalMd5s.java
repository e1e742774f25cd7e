package io.azcp.transfer.engine;

import io.azcp.transfer.engine.sync.Entry;
import io.azcp.transfer.engine.sync.EntryStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Compares files of this machine with the MD5s of blobs: on one thread a core, since a core sums
 * some 600 MB/s, and in order, with a few files ahead.
 */
final class LocalMd5s implements AutoCloseable {
  private static final int THREADS = Runtime.getRuntime().availableProcessors();
  private static final int LOOK_AHEAD = 4 * THREADS;
  private static final int BUFFER = 256 << 10;
  private static final long POLL_MILLIS = 200;

  /** Hears of each file in turn. */
  @FunctionalInterface
  interface Verdict {
    void compared(Entry entry, boolean same) throws IOException;
  }

  private final Job job;
  private final LocalTree tree;
  private final Workers workers = new Workers("azcp-md5", THREADS);
  private final Deque<Sum> ahead = new ArrayDeque<>();

  LocalMd5s(Job job, LocalTree tree) {
    this.job = job;
    this.tree = tree;
  }

  /** Compares them all; one that cannot be read has failed and is not told. */
  void compare(EntryStream entries, Verdict verdict) throws IOException {
    for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
      if (ahead.size() == LOOK_AHEAD) {
        conclude(ahead.remove(), verdict);
      }
      var sum = new Sum(entry);
      ahead.add(sum);
      workers.submit(Workers.Urgency.BULK, sum);
    }
    while (!ahead.isEmpty()) {
      conclude(ahead.remove(), verdict);
    }
  }

  private void conclude(Sum sum, Verdict verdict) throws IOException {
    try {
      while (!sum.done.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        job.checkGoing();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UnitGroup.cancelled();
    }
    if (sum.failure != null) {
      job.checkGoing();
      job.fail(sum.entry.name(), sum.failure);
    } else {
      verdict.compared(sum.entry, sum.same);
    }
  }

  private final class Sum implements Runnable {
    private final Entry entry;
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean same;
    private IOException failure;

    Sum(Entry entry) {
      this.entry = entry;
    }

    @Override
    public void run() {
      Path path = tree.path(entry);
      try (FileChannel channel = FileChannel.open(path)) {
        same = md5(channel).equals(entry.blob().contentMd5());
      } catch (IOException e) {
        failure = LocalFailure.of("cannot read", path, e);
      } finally {
        done.countDown();
      }
    }

    private String md5(FileChannel channel) throws IOException {
      var md5 = new ContentMd5();
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
      while (channel.read(buffer.clear()) >= 0) {
        job.checkGoing();
        md5.add(buffer.flip());
      }
      return md5.base64();
    }
  }

  @Override
  public void close() {
    workers.close();
  }
}
