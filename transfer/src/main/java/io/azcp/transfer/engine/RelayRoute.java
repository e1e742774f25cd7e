package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.BodySource;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;

/**
 * The bytes come to this machine and are sent on, range by range. A range is held whole, because a
 * request that fails is sent again; so there are few buffers, and who finds none waits.
 */
final class RelayRoute implements AccountCopy.Route {
  /** Bytes held at once: enough ranges under way to fill a network, in a process of 200 MiB. */
  private static final long HELD = 64L << 20;

  private static final int LEAST = 2;

  private final BlobService source;
  private final BlobService destination;
  private final int blockSize;
  private final Semaphore permits;
  private final ConcurrentLinkedDeque<ByteBuffer> buffers = new ConcurrentLinkedDeque<>();

  RelayRoute(BlobService source, BlobService destination, long blockSize) {
    this.source = source;
    this.destination = destination;
    this.blockSize = (int) Math.min(blockSize, Integer.MAX_VALUE);
    this.permits = new Semaphore((int) Math.max(LEAST, HELD / Math.max(1, blockSize)));
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
    permits.acquireUninterruptibly();
    try {
      ByteBuffer buffer = take((int) length);
      try {
        fetch(copy, offset, buffer);
        return use.of(body(buffer));
      } finally {
        give(buffer);
      }
    } finally {
      permits.release();
    }
  }

  private ByteBuffer take(int length) {
    ByteBuffer buffer = length > blockSize ? null : buffers.pollFirst();
    ByteBuffer fitting =
        buffer == null ? ByteBuffer.allocateDirect(Math.max(length, blockSize)) : buffer;
    return fitting.clear().limit(length);
  }

  private void give(ByteBuffer buffer) {
    if (buffer.capacity() == blockSize) {
      buffers.addFirst(buffer);
    }
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
