package io.azcp.cache;

import io.azcp.base.AzcpException;
import java.nio.ByteBuffer;

/**
 * An open file of the cache, pinned to one version: whole, or a sparse partial file whose missing
 * ranges are faulted in. It is not evicted while open. Thread-safe; closed by its owner once.
 */
public interface CachedFile extends AutoCloseable {
  /** The name it was opened by. */
  String name();

  /** The version every byte of it belongs to. */
  BlobVersion version();

  /**
   * A read-only descriptor, valid until {@link #close()}; reads of bytes that were not faulted in
   * give zeros. It stays valid when the file becomes whole.
   */
  int fd();

  /** Whether every byte is there. Once true it stays true. */
  boolean whole();

  /** Bytes that are there. */
  long presentBytes();

  /** Whether the range is there (ranges are clipped to the file). */
  boolean present(long offset, long length);

  /**
   * Makes the range present and then answers once, from any thread, on the caller's when nothing is
   * missing. Ranges that other threads or processes fetch already are waited for, not fetched
   * again. Never blocks.
   *
   * @param urgent whether an application waits for it
   */
  void ensure(long offset, long length, boolean urgent, FaultListener listener);

  /**
   * Tells that the file is fetched to be changed. What is fetched of it from now on will wait to be
   * uploaded, which the folder's size limit does not bound: it may pass the limit, but not what the
   * disk leaves.
   */
  void willBeChanged();

  /**
   * Reads a range that is not there and cannot be made present, because the folder has no room for
   * it ({@code ENOSPC} or {@code EDQUOT}): the bytes come from the source and leave nothing behind.
   * Never blocks; answers once, from a fetching thread.
   *
   * @param length bytes, more than none and not beyond the end of the file
   */
  void readPast(long offset, int length, PastListener listener);

  /** The outcome of a read past the cache. */
  interface PastListener {
    /** The bytes; the buffer is the cache's again when this returns. */
    void bytes(ByteBuffer data);

    /** They could not be fetched; {@code ESTALE} when the blob was replaced meanwhile. */
    void failed(AzcpException reason);
  }

  /** The outcome of a fault. */
  interface FaultListener {
    /** Every byte of the range is there. */
    void ready();

    /** It could not be fetched; {@code ESTALE} when the blob was replaced meanwhile. */
    void failed(AzcpException reason);
  }

  @Override
  void close();
}
