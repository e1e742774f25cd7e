package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.MemoryBudget;
import io.azcp.cache.CachedFile.PastListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads of one file that leave nothing in the folder, because there is no room for it: everything
 * there is open, pinned or not uploaded yet. A sequential reader is read ahead into one buffer in
 * memory, as far as the process has memory for it; others get just what they ask for. Thread-safe.
 */
final class PastReads implements AutoCloseable {
  private static final int WINDOW = 4 << 20;

  private final CacheContext context;
  private final OpenFile file;
  private final ReentrantLock turn = new ReentrantLock();
  private MemoryBudget.Reservation memory;
  private ByteBuffer window;
  private long from;
  private long behind;
  private long expected = -1;

  PastReads(CacheContext context, OpenFile file) {
    this.context = context;
    this.file = file;
  }

  /** Reads a range that lies within the file, on the calling (fetching) thread. */
  void read(long offset, int length, PastListener listener) {
    try {
      if (turn.tryLock()) {
        try {
          readInTurn(offset, length, listener);
        } finally {
          turn.unlock();
        }
      } else {
        // Another reader's buffer is busy with its own place in the file.
        listener.bytes(fetch(ByteBuffer.allocate(length), offset, length));
      }
    } catch (IOException | RuntimeException e) {
      listener.failed(
          e instanceof AzcpException known
              ? known
              : new AzcpException(
                  Errno.EIO, "Reading " + file.key().name() + " failed: " + e.getMessage(), e));
    }
  }

  private void readInTurn(long offset, int length, PastListener listener) throws IOException {
    boolean sequential = offset == expected;
    expected = offset + length;
    if (offset >= from && offset + length <= behind) {
      int at = (int) (offset - from);
      listener.bytes(window.duplicate().position(at).limit(at + length));
    } else if (sequential && length < WINDOW && hasWindow()) {
      int ahead = (int) Math.min(WINDOW, file.key().version().length() - offset);
      behind = from;
      fetch(window.clear(), offset, ahead);
      from = offset;
      behind = offset + ahead;
      listener.bytes(window.duplicate().position(0).limit(length));
    } else {
      listener.bytes(fetch(ByteBuffer.allocate(length), offset, length));
    }
  }

  private boolean hasWindow() {
    if (window == null) {
      memory = MemoryBudget.ofProcess().tryReserve(WINDOW);
      if (memory == null) {
        return false;
      }
      window = ByteBuffer.allocateDirect(WINDOW);
    }
    return true;
  }

  /**
   * Asks again under the name and version that a change of our own has given the blob meanwhile.
   */
  private ByteBuffer fetch(ByteBuffer into, long offset, int length) throws IOException {
    while (true) {
      OpenFile.Key asked = file.key();
      try {
        return fetch(asked, into, offset, length);
      } catch (AzcpException e) {
        boolean gone = e.errno() == Errno.ESTALE || e.errno() == Errno.ENOENT;
        if (gone && asked.equals(file.key())) {
          context.ownChanges().await(asked.name());
        }
        if (!gone || asked.equals(file.key())) {
          throw e;
        }
      }
    }
  }

  private ByteBuffer fetch(OpenFile.Key asked, ByteBuffer into, long offset, int length)
      throws IOException {
    into.clear();
    context
        .source()
        .fetch(
            asked.name(),
            asked.version(),
            offset,
            length,
            (position, data) -> {
              if (position != offset + into.position() || data.remaining() > into.remaining()) {
                throw new AzcpException(
                    Errno.EIO, "The source sent bytes of " + asked.name() + " out of order.");
              }
              into.put(data);
            });
    if (into.position() < length) {
      throw new AzcpException(
          Errno.EIO, "The service sent only a part of " + length + " bytes of " + asked.name());
    }
    return into.flip();
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
    }
  }
}
