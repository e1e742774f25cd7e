package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.fs.fuse.ReadReply;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The answer to a read, put straight into libfuse's buffer. That buffer is gone once the callback
 * returns, so a late answer touches nothing: answering and giving up exclude each other.
 */
final class NativeRead implements ReadReply {
  private static final int WAITING = Integer.MIN_VALUE;

  private final long address;
  private final int size;
  private int result = WAITING;
  private boolean abandoned;

  NativeRead(long address, int size) {
    this.address = address;
    this.size = size;
  }

  @Override
  public synchronized void file(int fd, long offset, int length) {
    if (abandoned || result != WAITING) {
      return;
    }
    int wanted = Math.min(length, size);
    int done = 0;
    while (done < wanted) {
      long n = Fd.preadRaw(fd, address + done, wanted - done, offset + done);
      if (n == 0) {
        break;
      }
      if (n < 0 && n != -Errno.EINTR.code()) {
        settle((int) n);
        return;
      }
      done += (int) Math.max(0, n);
    }
    settle(done);
  }

  @Override
  public synchronized void data(ByteBuffer data) {
    if (abandoned || result != WAITING) {
      return;
    }
    int length = Math.min(data.remaining(), size);
    Native.view(address, size).put(0, data, data.position(), length);
    settle(length);
  }

  @Override
  public synchronized void fail(Errno errno) {
    if (!abandoned && result == WAITING) {
      settle(-errno.code());
    }
  }

  private void settle(int value) {
    result = value;
    notifyAll();
  }

  /** The number of bytes or the negated errno; EIO past the limit. */
  synchronized int get(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      while (result == WAITING) {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          abandoned = true;
          return -Errno.EIO.code();
        }
        wait(millis);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandoned = true;
      return -Errno.EINTR.code();
    }
    return result;
  }
}
