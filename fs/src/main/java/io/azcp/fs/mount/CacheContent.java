package io.azcp.fs.mount;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.cache.CachedFile;
import io.azcp.cache.CachedFile.FaultListener;
import io.azcp.transfer.blob.GetRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A file through its cache folder: what is there is read there, what is missing is fetched into it.
 * Where the cache has no room, it comes from the service alone.
 */
final class CacheContent implements FileContent {
  /** Longer than every deadline of a single request with its retries. */
  private static final long LONGEST_MINUTES = 10;

  private final MountParts parts;
  private final RuleStore store;
  private final CachedFile file;

  /** Takes over the parts, and closes them. */
  CacheContent(MountParts parts, RuleStore store, CachedFile file) {
    this.parts = parts;
    this.store = store;
    this.file = file;
  }

  @Override
  public long length() {
    return file.version().length();
  }

  @Override
  public void read(long offset, ByteBuffer into, boolean sequential) throws IOException {
    int length = (int) Math.min(into.remaining(), length() - offset);
    into.limit(into.position() + length);
    try {
      await(offset, length, sequential);
    } catch (AzcpException e) {
      if (e.errno() != Errno.ENOSPC) {
        throw e;
      }
      fromService(offset, into);
      return;
    }
    while (into.hasRemaining()) {
      int n = Fd.pread(file.fd(), into, offset + length - into.remaining());
      if (n <= 0) {
        throw new AzcpException(Errno.EIO, file.name() + " became shorter while it was read");
      }
    }
  }

  /** Where it lies once it is whole. */
  String path() {
    return store.cache().path(file.name());
  }

  /** Makes all of it present. */
  void fill() throws IOException {
    await(0, length(), false);
  }

  private void await(long offset, long length, boolean sequential) throws IOException {
    var done = new CompletableFuture<Void>();
    file.ensure(
        offset,
        length,
        sequential,
        new FaultListener() {
          @Override
          public void ready() {
            done.complete(null);
          }

          @Override
          public void failed(AzcpException reason) {
            done.completeExceptionally(reason);
          }
        });
    try {
      done.get(LONGEST_MINUTES, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AzcpException reason
          ? new AzcpException(reason.errno(), reason.getMessage(), reason)
          : new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new AzcpException(
          Errno.ETIMEDOUT, file.name() + " was not fetched in " + LONGEST_MINUTES + " minutes", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AzcpException(Errno.EINTR, "interrupted while " + file.name() + " was read", e);
    }
  }

  private void fromService(long offset, ByteBuffer into) throws IOException {
    GetRange range = GetRange.of(offset, into.remaining(), file.version().etag());
    store
        .service()
        .get(
            store.rule().account().containerName(),
            store.rule().blobName(file.name()),
            range,
            (at, data) -> into.put(data));
  }

  @Override
  public void close() {
    file.close();
    parts.close();
  }
}
