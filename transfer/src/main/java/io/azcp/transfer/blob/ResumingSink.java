package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Remembers how far a get came and which version it was of, so that a repeated request goes on at
 * the next byte of the same version. A failure of the caller's sink is told apart from the
 * service's.
 */
final class ResumingSink implements BodySink {
  /** The caller's sink failed; its failure is the cause. */
  static final class SinkFailure extends IOException {
    SinkFailure(IOException cause) {
      super(cause);
    }

    IOException reason() {
      return (IOException) getCause();
    }
  }

  private final BodySink sink;
  private final GetRange range;
  private BlobProperties first;
  private long next;

  ResumingSink(GetRange range, BodySink sink) {
    this.range = range;
    this.sink = sink;
    this.next = range.offset();
  }

  /** What is still to be got; null when everything is here. */
  GetRange rest() {
    if (first == null) {
      return range;
    }
    long end = first.length();
    if (range.length() >= 0) {
      end = Math.min(end, range.offset() + range.length());
    }
    return next >= end ? null : GetRange.of(next, end - next, first.etag());
  }

  /** The first answer's properties. */
  BlobProperties properties() {
    return first;
  }

  @Override
  public void begin(BlobProperties properties) throws IOException {
    if (first == null) {
      try {
        sink.begin(properties);
      } catch (IOException e) {
        throw new SinkFailure(e);
      }
      first = properties;
    }
  }

  @Override
  public void accept(long offset, ByteBuffer data) throws IOException {
    int bytes = data.remaining();
    try {
      sink.accept(offset, data);
    } catch (IOException e) {
      throw new SinkFailure(e);
    }
    next = offset + bytes;
  }
}
