package io.azcp.fs.fuse.kernel;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.fuse.StatFs;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers of the operations, one class for each structure of linux/fuse.h. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** For what comes of giving back; nobody waits for it. */
  static <T> Reply<T> ignored() {
    return new Reply<>() {
      @Override
      public void ok(T value) {}

      @Override
      public void fail(Errno errno) {
        LOG.debug("giving back failed: {}", errno.text());
      }
    };
  }

  /** No structure: success alone. */
  static final class Empty extends Answer<Void> {
    Empty(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, Void value) {
      return 0;
    }
  }

  /** {@code fuse_attr_out}. */
  static final class Attr extends Answer<Attributes> {
    Attr(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, Attributes value) {
      return AttributeCodec.attrOut(body, value);
    }
  }

  /** {@code fuse_entry_out}; counts as a lookup. */
  static final class Name extends Answer<Entry> {
    Name(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, Entry value) {
      return AttributeCodec.entryOut(body, 0, value);
    }

    @Override
    void undo(Entry value) {
      if (value.node() != 0) {
        connection.port().forget(value.node(), 1);
      }
    }
  }

  /** Bytes as they are: a link's target. */
  static final class Bytes extends Answer<byte[]> {
    Bytes(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int room(byte[] value) {
      return value.length;
    }

    @Override
    int encode(ByteBuffer body, byte[] value) {
      body.put(0, value);
      return value.length;
    }
  }

  /** A number alone: {@code fuse_write_out}, {@code fuse_lseek_out}. */
  static final class Count<N extends Number> extends Answer<N> {
    Count(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, N value) {
      body.putLong(0, value.longValue());
      return 8;
    }
  }

  /** {@code fuse_statfs_out}. */
  static final class Space extends Answer<StatFs> {
    Space(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, StatFs value) {
      return AttributeCodec.statfsOut(body, value);
    }
  }

  /** {@code fuse_open_out} of a directory. */
  static final class OpenDirectory extends Answer<Long> {
    OpenDirectory(Connection connection, FuseDevice device, Incoming in) {
      super(connection, device, in);
    }

    @Override
    int encode(ByteBuffer body, Long value) {
      connection.handles().openedDirectory(node, value);
      body.putLong(0, value).putLong(8, 0);
      return Protocol.OPEN_OUT_BYTES;
    }

    @Override
    void lost(Long value) {
      if (connection.handles().releasedDirectory(node, value)) {
        undo(value);
      }
    }

    @Override
    void undo(Long value) {
      connection.port().releasedir(node, value, ignored());
    }
  }

  /** {@code fuse_open_out} of a file. */
  static final class Open extends Answer<Opened> {
    private final int flags;

    Open(Connection connection, FuseDevice device, Incoming in, int flags) {
      super(connection, device, in);
      this.flags = flags;
    }

    @Override
    int encode(ByteBuffer body, Opened value) {
      return openOut(connection, body, 0, node, value, flags);
    }

    @Override
    void lost(Opened value) {
      connection.passthrough().released(node);
      if (connection.handles().released(node, value.handle())) {
        undo(value);
      }
    }

    @Override
    void undo(Opened value) {
      connection.port().release(node, value.handle(), ignored());
    }
  }

  /** {@code fuse_entry_out} and {@code fuse_open_out}. */
  static final class Create extends Answer<FileSystemPort.Created> {
    private final int flags;

    Create(Connection connection, FuseDevice device, Incoming in, int flags) {
      super(connection, device, in);
      this.flags = flags;
    }

    @Override
    int encode(ByteBuffer body, FileSystemPort.Created value) {
      int size = AttributeCodec.entryOut(body, 0, value.entry());
      return size + openOut(connection, body, size, value.entry().node(), value.opened(), flags);
    }

    @Override
    void lost(FileSystemPort.Created value) {
      long created = value.entry().node();
      connection.passthrough().released(created);
      if (connection.handles().released(created, value.opened().handle())) {
        undo(value);
      } else {
        connection.port().forget(created, 1);
      }
    }

    @Override
    void undo(FileSystemPort.Created value) {
      long created = value.entry().node();
      connection.port().release(created, value.opened().handle(), ignored());
      connection.port().forget(created, 1);
    }
  }

  /**
   * {@code fuse_open_out}. A reader's close is not told (NOFLUSH): it has nothing to write. Under
   * passthrough pages kept from a former cached open are dropped, for nothing renews them.
   */
  private static int openOut(
      Connection connection, ByteBuffer body, int at, long node, Opened opened, int flags) {
    connection.handles().opened(node, opened.handle());
    int backing = connection.passthrough().opened(node, opened.backing());
    int how = (flags & Fd.O_ACCMODE) == Fd.O_RDONLY ? Protocol.FOPEN_NOFLUSH : 0;
    if (backing > 0) {
      how |= Protocol.FOPEN_PASSTHROUGH;
    } else if (opened.keepCache()) {
      how |= Protocol.FOPEN_KEEP_CACHE;
    }
    body.putLong(at, opened.handle()).putInt(at + 8, how).putInt(at + 12, backing);
    return Protocol.OPEN_OUT_BYTES;
  }

  /**
   * An attribute's value or a list of names: with size 0 only its length is asked ({@code
   * fuse_getxattr_out}), with a size too small the answer is ERANGE.
   */
  static final class Xattr extends Answer<byte[]> {
    private final int size;

    Xattr(Connection connection, FuseDevice device, Incoming in, int size) {
      super(connection, device, in);
      this.size = size;
    }

    @Override
    int room(byte[] value) {
      return size == 0 ? 0 : value.length;
    }

    @Override
    int encode(ByteBuffer body, byte[] value) {
      if (size == 0) {
        body.putInt(0, value.length).putInt(4, 0);
        return 8;
      }
      if (value.length > size) {
        return -Errno.ERANGE.code();
      }
      body.put(0, value);
      return value.length;
    }
  }
}
