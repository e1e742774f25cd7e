package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.fs.fuse.ReadReply;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/** The answer to READ: bytes read straight from a file into the reply, or given by the port. */
final class ReadAnswer extends Request implements ReadReply {
  private final int size;

  ReadAnswer(Connection connection, FuseDevice device, Incoming in, int size) {
    super(connection, device, in);
    this.size = size;
  }

  @Override
  public void file(int fd, long offset, int length) {
    if (turn() != Turn.FIRST) {
      return;
    }
    int wanted = Math.min(length, size);
    ReplyBuffer buffer = connection.buffers().take(wanted);
    try {
      long n = readFully(fd, buffer.bodyAddress(), wanted, offset);
      taken(
          n < 0
              ? buffer.sendError(device, unique, (int) -n)
              : buffer.send(device, unique, (int) n));
    } finally {
      connection.buffers().give(buffer);
    }
  }

  /** Reads to the end of the range or of the file; answers the count or the negated errno. */
  private static long readFully(int fd, long address, int length, long offset) {
    int done = 0;
    while (done < length) {
      long n = Fd.preadRaw(fd, address + done, length - done, offset + done);
      if (n == 0) {
        break;
      }
      if (n > 0) {
        done += (int) n;
      } else if (n != -Errno.EINTR.code()) {
        return n;
      }
    }
    return done;
  }

  @Override
  public void data(ByteBuffer data) {
    if (turn() != Turn.FIRST) {
      return;
    }
    int length = Math.min(data.remaining(), size);
    ReplyBuffer buffer = connection.buffers().take(data.isDirect() ? 0 : length);
    try {
      if (data.isDirect()) {
        long from = Native.address(data) + data.position();
        taken(buffer.send(device, unique, from, length));
      } else {
        buffer.body().put(0, data, data.position(), length);
        taken(buffer.send(device, unique, length));
      }
    } finally {
      connection.buffers().give(buffer);
      Reference.reachabilityFence(data);
    }
  }
}
