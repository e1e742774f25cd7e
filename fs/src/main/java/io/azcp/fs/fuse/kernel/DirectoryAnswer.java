package io.azcp.fs.fuse.kernel;

import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.Reply;
import java.nio.ByteBuffer;

/**
 * The answer to READDIR and READDIRPLUS: {@code fuse_dirent} or {@code fuse_direntplus} records,
 * each padded to eight bytes. The port fills it through the sink, then says that it is done. The
 * buffer is taken with the first entry, so that a parked listing holds none.
 */
final class DirectoryAnswer extends Request implements Reply<Void>, DirectorySink {
  private static final Entry NO_LOOKUP = new Entry(0, null, 0);

  private final int size;
  private final boolean plus;
  private ReplyBuffer buffer;
  private int used;

  DirectoryAnswer(Connection connection, FuseDevice device, Incoming in, int size, boolean plus) {
    super(connection, device, in);
    this.size = Math.min(size, Handshake.MAX_WRITE);
    this.plus = plus;
  }

  @Override
  public boolean plus() {
    return plus;
  }

  @Override
  public boolean add(byte[] name, long cookie, long inode, int mode, Entry entry) {
    int head = plus ? Protocol.ENTRY_OUT_BYTES : 0;
    int end = used + head + Protocol.DIRENT_BYTES + name.length;
    int padded = (end + 7) & ~7;
    if (padded > size) {
      return false;
    }
    if (buffer == null) {
      buffer = connection.buffers().take(size);
    }
    ByteBuffer b = buffer.body();
    if (plus) {
      AttributeCodec.entryOut(b, used, entry == null ? NO_LOOKUP : entry);
    }
    int at = used + head;
    // d_type is the type part of the mode (IFTODT of dirent.h)
    b.putLong(at, inode).putLong(at + 8, cookie).putInt(at + 16, name.length);
    b.putInt(at + 20, (mode >>> 12) & 15).put(at + Protocol.DIRENT_BYTES, name);
    for (int i = end; i < padded; i++) {
      b.put(i, (byte) 0);
    }
    used = padded;
    return true;
  }

  @Override
  public void ok(Void nothing) {
    Turn turn = turn();
    if (turn == Turn.SECOND) {
      return;
    }
    ReplyBuffer filled = buffer == null ? connection.buffers().take(0) : buffer;
    try {
      if (turn == Turn.LATE || !taken(filled.send(device, unique, used))) {
        forgetAll();
      }
    } finally {
      connection.buffers().give(filled);
      buffer = null;
    }
  }

  @Override
  void discard() {
    if (buffer != null) {
      forgetAll();
      connection.buffers().give(buffer);
      buffer = null;
    }
  }

  /** The kernel does not learn of these lookups. */
  private void forgetAll() {
    int at = 0;
    while (plus && at < used) {
      long entry = buffer.body().getLong(at);
      if (entry != 0) {
        connection.port().forget(entry, 1);
      }
      int name = buffer.body().getInt(at + Protocol.ENTRY_OUT_BYTES + 16);
      at += (Protocol.ENTRY_OUT_BYTES + Protocol.DIRENT_BYTES + name + 7) & ~7;
    }
    used = 0;
  }
}
