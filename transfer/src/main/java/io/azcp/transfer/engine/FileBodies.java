package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.transfer.blob.BodySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bodies read from open files. They do not own the file; many threads may read one. */
public final class FileBodies {
  private static final int COPY_BUFFER = 64 << 10;

  private FileBodies() {}

  /**
   * The first bytes of an open descriptor.
   *
   * @param name the file's name, for messages
   */
  public static BodySource of(int fd, long length, String name) {
    return new OfDescriptor(fd, length, name);
  }

  /**
   * The first bytes of a channel, sent without passing through this process where the connection
   * allows. No thread that reads it may be interrupted: that would close the channel for all.
   */
  public static BodySource of(FileChannel channel, long length, String name) {
    return new OfChannel(channel, 0, length, name);
  }

  /** A part of a body. */
  static BodySource slice(BodySource whole, long offset, long length) {
    return whole instanceof OfChannel c
        ? new OfChannel(c.channel, c.start + offset, length, c.name)
        : new Slice(whole, offset, length);
  }

  private static AzcpException shortened(String name) {
    return new AzcpException(Errno.ESTALE, name + " became shorter while it was uploaded");
  }

  private record OfDescriptor(int fd, long length, String name) implements BodySource {
    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      int n = into.isDirect() ? Fd.pread(fd, into, position) : copy(position, into);
      if (n <= 0) {
        throw shortened(name);
      }
      return n;
    }

    private int copy(long position, ByteBuffer into) throws IOException {
      ByteBuffer direct = ByteBuffer.allocateDirect(Math.min(into.remaining(), COPY_BUFFER));
      int n = Fd.pread(fd, direct, position);
      into.put(direct.flip());
      return n;
    }
  }

  private record OfChannel(FileChannel channel, long start, long length, String name)
      implements BodySource {
    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      int n = channel.read(into, start + position);
      if (n <= 0) {
        throw shortened(name);
      }
      return n;
    }

    @Override
    public FileChannel file() {
      return channel;
    }

    @Override
    public long fileOffset() {
      return start;
    }
  }

  private record Slice(BodySource whole, long offset, long length) implements BodySource {
    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      int limit = into.limit();
      into.limit((int) Math.min(limit, into.position() + length - position));
      try {
        return whole.read(offset + position, into);
      } finally {
        into.limit(limit);
      }
    }
  }
}
