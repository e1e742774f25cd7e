package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.GetRange;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes one version of a blob to a stream, as standard output: ranges are fetched ahead in
 * parallel, and written in order. Bytes that were written cannot be taken back: a transfer that
 * fails has written a part, and says so by its failure.
 */
public final class StreamDownload extends Job {
  private static final long POLL_MILLIS = 200;

  private final String container;
  private final String blob;
  private final WritableByteChannel destination;

  /**
   * A download.
   *
   * @param destination written by one thread, and not closed
   */
  public StreamDownload(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      String container,
      String blob,
      WritableByteChannel destination) {
    super(service, options, events);
    this.container = container;
    this.blob = blob;
    this.destination = destination;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    BlobProperties version = BlobPages.headOrNull(service, container, blob);
    if (version == null || version.isFolder()) {
      throw new AzcpException(
          Errno.ENOENT, "there is no blob at " + container + "/" + blob + ": nothing copied");
    }
    if (options.dryRun()) {
      planned(blob);
    } else {
      stats.plannedFiles.increment();
      stats.plannedBytes.add(version.length());
      attempt(blob, () -> download(team, version));
    }
    return new Outcome(BlobPages.lastPart(blob));
  }

  private void download(Workers team, BlobProperties version) throws IOException {
    var plan = new BlockPlan(version.length(), StreamBuffers.blockSize(options));
    var check = new Md5Check(this);
    ContentMd5 md5 = check.begin(blob, version.contentMd5(), plan.count() <= 1);
    int size = (int) Math.max(1, Math.min(plan.blockSize(), version.length()));
    try (var buffers = new StreamBuffers(size, options.concurrency());
        var group = new UnitGroup(team, buffers.count())) {
      Deque<Range> ahead = new ArrayDeque<>();
      for (int i = 0; i < plan.count(); i++) {
        ByteBuffer buffer = buffers.poll();
        while (buffer == null) {
          writeFirst(group, buffers, ahead, md5);
          buffer = buffers.poll();
        }
        var range = new Range(plan.offset(i), buffer.limit((int) plan.size(i)));
        ahead.add(range);
        group.submit(() -> range.fetch(version));
      }
      while (!ahead.isEmpty()) {
        writeFirst(group, buffers, ahead, md5);
      }
      group.await();
    }
    check.end(blob, version.contentMd5(), md5);
    done(blob, version.length());
  }

  private void writeFirst(
      UnitGroup group, StreamBuffers buffers, Deque<Range> ahead, ContentMd5 md5)
      throws IOException {
    Range range = ahead.remove();
    ByteBuffer data = range.await(group);
    if (md5 != null) {
      md5.add(data);
    }
    try {
      while (data.hasRemaining()) {
        checkGoing();
        destination.write(data);
      }
    } catch (AzcpException e) {
      throw e;
    } catch (IOException e) {
      throw new AzcpException(
          Errno.EPIPE, blob + ": cannot write the output: " + e.getMessage(), e);
    }
    buffers.give(data);
  }

  /** Bytes being fetched. */
  private final class Range {
    private final long offset;
    private final ByteBuffer buffer;
    private boolean whole;

    Range(long offset, ByteBuffer buffer) {
      this.offset = offset;
      this.buffer = buffer;
    }

    void fetch(BlobProperties version) throws IOException {
      long end = offset + buffer.limit();
      var receiver = new RangeReceiver(blob, RangeOutput.into(buffer), offset, null);
      long start = System.nanoTime();
      try {
        service.get(
            container,
            blob,
            GetRange.of(offset, end - offset, version.etag()),
            (at, data) -> {
              checkGoing();
              stats.moved.add(data.remaining());
              receiver.accept(at, data);
            });
      } catch (ServiceException e) {
        throw e.errno() == Errno.ESTALE ? changed(e) : e;
      }
      stats.latency().record(System.nanoTime() - start);
      receiver.end(end);
      synchronized (this) {
        whole = true;
        notifyAll();
      }
    }

    private AzcpException changed(ServiceException cause) {
      return new AzcpException(
          Errno.ESTALE, blob + " was changed while it was downloaded; copy it again", cause);
    }

    /** Its bytes, once they are here. */
    synchronized ByteBuffer await(UnitGroup group) throws IOException {
      try {
        while (!whole) {
          if (group.isStopped()) {
            group.await();
            throw UnitGroup.cancelled();
          }
          wait(POLL_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw UnitGroup.cancelled();
      }
      return buffer.flip();
    }
  }
}
