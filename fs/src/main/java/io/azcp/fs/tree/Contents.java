package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.PosixException;
import io.azcp.cache.CachedFile;
import io.azcp.fs.fuse.ReadReply;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.LocalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done to the bytes of open files. Thread-safe. */
final class Contents {
  private static final Logger LOG = LoggerFactory.getLogger(Contents.class);
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final Locator locator;
  private final Handles<OpenFile> handles;

  Contents(Locator locator, Handles<OpenFile> handles) {
    this.locator = locator;
    this.handles = handles;
  }

  private OpenFile enter(long handle) throws AzcpException {
    OpenFile file = handles.get(handle);
    if (!file.enter()) {
      throw new AzcpException(Errno.EBADF, "handle " + handle + " is closed");
    }
    return file;
  }

  private OpenFile enterWritable(long handle) throws AzcpException {
    OpenFile file = enter(handle);
    if (file.writable()) {
      return file;
    }
    file.leave();
    throw new AzcpException(Errno.EBADF, "handle " + handle + " is open for reading only");
  }

  void read(long handle, long offset, int length, ReadReply reply) {
    OpenFile file;
    try {
      file = enter(handle);
    } catch (AzcpException e) {
      reply.fail(e.errno());
      return;
    }
    CachedFile cached = file.cached();
    if (cached == null || cached.whole()) {
      answer(file, offset, length, reply);
      return;
    }
    long left = cached.version().length() - offset;
    int within = (int) Math.max(0, Math.min(length, left));
    if (within == 0) {
      answer(file, offset, within, reply);
    } else {
      // Also where the bytes are there: what is fetched ahead depends on how far the reader is.
      fault(file, offset, within, reply);
    }
  }

  private static void answer(OpenFile file, long offset, int length, ReadReply reply) {
    try {
      reply.file(file.fd(), offset, length);
    } finally {
      file.leave();
    }
  }

  private void fault(OpenFile file, long offset, int length, ReadReply reply) {
    file.cached()
        .ensure(
            offset,
            length,
            true,
            new CachedFile.FaultListener() {
              @Override
              public void ready() {
                answer(file, offset, length, reply);
              }

              @Override
              public void failed(AzcpException reason) {
                if (reason.errno() == Errno.ENOSPC || reason.errno() == Errno.EDQUOT) {
                  readPast(file, offset, length, reply);
                } else {
                  fail(file, reason, reply);
                }
              }
            });
  }

  private void fail(OpenFile file, AzcpException reason, ReadReply reply) {
    try {
      reply.fail(readErrno(file.node(), reason));
    } finally {
      file.leave();
    }
  }

  /** A cache without room makes a read slower, not impossible. */
  private void readPast(OpenFile file, long offset, int length, ReadReply reply) {
    file.cached()
        .readPast(
            offset,
            length,
            new CachedFile.PastListener() {
              @Override
              public void bytes(ByteBuffer data) {
                try {
                  reply.data(data);
                } finally {
                  file.leave();
                }
              }

              @Override
              public void failed(AzcpException reason) {
                fail(file, reason, reply);
              }
            });
  }

  /**
   * A reader whose version is gone keeps what is here of it and is refused the rest; whoever opens
   * the file from now on gets what the service has.
   */
  private Errno readErrno(Node node, AzcpException reason) {
    if (reason.errno() == Errno.ESTALE) {
      LOG.warn("{}", reason.getMessage());
      locator.gone(node);
      return Errno.ESTALE;
    }
    return Replies.errno(reason);
  }

  void write(long handle, long offset, ByteBuffer data, Reply<Integer> reply) throws IOException {
    write(handle, offset, data, true, reply);
  }

  private void write(long handle, long offset, ByteBuffer data, boolean first, Reply<Integer> reply)
      throws IOException {
    OpenFile file = enterWritable(handle);
    int length = data.remaining();
    if (!file.local().beginWrite(length)) {
      ByteBuffer kept = ByteBuffer.allocateDirect(length).put(data).flip();
      makeRoom(file, reply, () -> write(handle, offset, kept, reply));
      return;
    }
    ByteBuffer bytes = direct(data);
    int start = bytes.position();
    boolean full = false;
    try {
      Fd.pwriteFully(file.local().fd(), bytes, offset);
    } catch (PosixException e) {
      full = e.errno() == Errno.ENOSPC || e.errno() == Errno.EDQUOT;
      if (!full || !first) {
        file.leave();
        throw e;
      }
    } finally {
      file.local().written();
      file.local().endWrite();
    }
    if (full) {
      bytes.position(start);
      ByteBuffer kept = ByteBuffer.allocateDirect(length).put(bytes).flip();
      makeRoom(file, reply, () -> write(handle, offset, kept, false, reply));
      return;
    }
    file.leave();
    reply.ok(length);
  }

  /**
   * A file that is staged in memory outgrows it, or the disk is full: the file goes to the disk, or
   * the cache gives up what it can, before the write is tried again.
   */
  private static void makeRoom(OpenFile file, Reply<?> reply, Replies.Action again) {
    file.local()
        .toDisk(
            failure -> {
              file.leave();
              if (failure == null) {
                Replies.guard(reply, again);
              } else {
                reply.fail(Replies.errno(failure));
              }
            });
  }

  private static ByteBuffer direct(ByteBuffer data) {
    return data.isDirect() ? data : Native.buffer(data.remaining()).put(data).flip();
  }

  void flush(long handle, Reply<Void> reply) throws IOException {
    OpenFile file = enter(handle);
    if (file.local() == null || !file.writable()) {
      file.leave();
      reply.ok(null);
    } else {
      file.local().flush(leaving(file, reply));
    }
  }

  void fsync(long handle, Reply<Void> reply) throws IOException {
    OpenFile file = enter(handle);
    if (file.local() == null) {
      file.leave();
      reply.ok(null);
    } else {
      file.local().sync(leaving(file, reply));
    }
  }

  private static LocalFile.Done leaving(OpenFile file, Reply<Void> reply) {
    return failure -> {
      file.leave();
      if (failure == null) {
        reply.ok(null);
      } else {
        reply.fail(Replies.errno(failure));
      }
    };
  }

  void release(long handle, Reply<Void> reply) {
    OpenFile file = handles.remove(handle);
    if (file != null) {
      file.release();
    }
    reply.ok(null);
  }

  void fallocate(long handle, int mode, long offset, long length, Reply<Void> reply)
      throws IOException {
    if (mode != 0) {
      reply.fail(Errno.EOPNOTSUPP);
      return;
    }
    OpenFile file = enterWritable(handle);
    if (!file.local().beginWrite(length)) {
      makeRoom(file, reply, () -> fallocate(handle, mode, offset, length, reply));
      return;
    }
    try {
      Fd.allocate(file.local().fd(), offset, length);
      file.local().written();
    } finally {
      file.local().endWrite();
      file.leave();
    }
    reply.ok(null);
  }

  /** SEEK_DATA and SEEK_HOLE; a file that is not whole here is data to its end. */
  void lseek(long handle, long offset, int whence, Reply<Long> reply) throws IOException {
    if (whence != SEEK_DATA && whence != SEEK_HOLE) {
      reply.fail(Errno.EINVAL);
      return;
    }
    OpenFile file = enter(handle);
    long at;
    try {
      boolean whole = file.cached() == null || file.cached().whole();
      if (whole) {
        at = whence == SEEK_DATA ? Fd.seekData(file.fd(), offset) : Fd.seekHole(file.fd(), offset);
      } else {
        long length = file.cached().version().length();
        if (offset < 0 || offset >= length) {
          throw new AzcpException(Errno.ENXIO, "seek behind the end");
        }
        at = whence == SEEK_DATA ? offset : length;
      }
    } finally {
      file.leave();
    }
    reply.ok(at);
  }
}
