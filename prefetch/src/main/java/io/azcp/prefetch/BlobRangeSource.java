package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.RangeSource;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A container, or a prefix of it, as the source of a cache's missing bytes. Every range is asked
 * for with If-Match, so that a file never mixes two versions. Thread-safe.
 */
public final class BlobRangeSource implements RangeSource {
  private final BlobService service;
  private final String container;
  private final String prefix;
  private final AtomicLong fetched = new AtomicLong();

  /**
   * A source below a prefix.
   *
   * @param prefix what every blob name starts with: empty, or a prefix that ends in a slash
   */
  public BlobRangeSource(BlobService service, String container, String prefix) {
    this.service = service;
    this.container = container;
    this.prefix = prefix;
  }

  @Override
  public void fetch(String name, BlobVersion version, long offset, long length, Sink sink)
      throws IOException {
    if (length == 0) {
      return;
    }
    try {
      service.get(
          container,
          prefix + name,
          GetRange.of(offset, length, version.etag()),
          (at, data) -> {
            int n = data.remaining();
            sink.write(at, data);
            fetched.addAndGet(n);
          });
    } catch (AzcpException e) {
      if (e.errno() == Errno.ENOENT) {
        throw new AzcpException(
            Errno.ESTALE, prefix + name + " was deleted from the container while it was read", e);
      }
      throw e;
    }
  }

  /** Bytes handed to sinks since the start. */
  public long fetchedBytes() {
    return fetched.get();
  }
}
