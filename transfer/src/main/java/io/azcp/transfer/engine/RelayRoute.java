package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes come to this machine and are sent on, range by range. A range is held whole, because a
 * request that fails is sent again; so there are few buffers, and who finds none waits.
 */
final class RelayRoute implements AccountCopy.Route {
  private final Job job;
  private final BlobService source;
  private final BlobService destination;
  private final int blockSize;
  private final StreamBuffers buffers;

  /** A route through this machine to the job's service. */
  RelayRoute(Job job, BlobService source) {
    this.job = job;
    this.source = source;
    this.destination = job.service;
    this.blockSize = (int) Math.min(job.options.blockSize(), Integer.MAX_VALUE);
    this.buffers = new StreamBuffers(blockSize, job.options.concurrency());
    job.holds(buffers);
  }

  /** What is done with the bytes of a range. */
  private interface Use<T> {
    T of(BodySource body) throws IOException;
  }

  @Override
  public BlobProperties whole(AccountCopy.Copy copy) throws IOException {
    BlobProperties now = AccountCopy.properties(source, copy);
    return held(
        copy,
        0,
        copy.version().length(),
        body ->
            destination.put(copy.container(), copy.to(), body, Overlay.of(copy.options(), now)));
  }

  @Override
  public void block(AccountCopy.Copy copy, String id, long offset, long length) throws IOException {
    held(
        copy,
        offset,
        length,
        body -> {
          destination.putBlock(copy.container(), copy.to(), id, body);
          return null;
        });
  }

  private <T> T held(AccountCopy.Copy copy, long offset, long length, Use<T> use)
      throws IOException {
    if (length > Integer.MAX_VALUE) {
      throw new AzcpException(
          Errno.EFBIG,
          copy.from() + " needs blocks over 2 GiB, which cannot go through this machine");
    }
    if (length > blockSize) {
      // The blob is so long that it needs larger blocks than were asked for.
      MemoryBudget.Reservation memory = MemoryBudget.ofProcess().reserve(length);
      try {
        return held(copy, offset, ByteBuffer.allocateDirect((int) length), use);
      } finally {
        memory.close();
      }
    }
    ByteBuffer buffer = buffers.take(job::isOver);
    if (buffer == null) {
      throw UnitGroup.cancelled();
    }
    try {
      return held(copy, offset, buffer.limit((int) length), use);
    } finally {
      buffers.give(buffer);
    }
  }

  private <T> T held(AccountCopy.Copy copy, long offset, ByteBuffer buffer, Use<T> use)
      throws IOException {
    fetch(copy, offset, buffer);
    return use.of(body(buffer));
  }

  private void fetch(AccountCopy.Copy copy, long offset, ByteBuffer into) throws IOException {
    GetRange range = GetRange.of(offset, into.limit(), copy.version().etag());
    source.get(copy.sourceContainer(), copy.from(), range, (at, data) -> into.put(data));
    if (into.hasRemaining()) {
      throw new AzcpException(
          Errno.EIO,
          copy.from()
              + ": the service answered "
              + into.position()
              + " of "
              + into.limit()
              + " bytes");
    }
    into.flip();
  }

  private static BodySource body(ByteBuffer bytes) {
    return new BodySource() {
      @Override
      public long length() {
        return bytes.limit();
      }

      @Override
      public int read(long position, ByteBuffer into) {
        int n = (int) Math.min(into.remaining(), bytes.limit() - position);
        into.put(bytes.duplicate().position((int) position).limit((int) position + n));
        return n;
      }
    };
  }
}
