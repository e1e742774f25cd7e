package io.azcp.transfer.engine.sync;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Entries on disk, in the order in which they were added; the length of each goes before it. The
 * file is taken out of its folder as soon as it is open, so that nothing is left however the
 * process ends. Used by one thread: first written, then read, as often as wanted.
 */
public final class EntryFile implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final Path folder;
  private final FileChannel channel;
  private final DataOutputStream out;
  private final EntryCodec codec = new EntryCodec();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream record = new DataOutputStream(bytes);
  private long count;

  private EntryFile(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
    this.out =
        new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
  }

  /** An empty file in a folder. */
  public static EntryFile in(Path folder) throws IOException {
    Path path = folder.resolve(".azcp-list-" + UUID.randomUUID());
    try {
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              // On Linux Java unlinks such a file at once.
              StandardOpenOption.DELETE_ON_CLOSE);
      return new EntryFile(folder, channel);
    } catch (IOException e) {
      throw failure("cannot make a file in ", folder, e);
    }
  }

  private static AzcpException failure(String tried, Path folder, IOException e) {
    return new AzcpException(
        Errno.EIO,
        tried
            + folder
            + ", where lists of files are kept meanwhile: "
            + e.getMessage()
            + "; make room there, or name another folder with TMPDIR",
        e);
  }

  /** Adds one at the end. */
  public void add(Entry entry) throws IOException {
    bytes.reset();
    codec.write(entry, record);
    try {
      out.writeInt(bytes.size());
      bytes.writeTo(out);
    } catch (IOException e) {
      throw failure("cannot write in ", folder, e);
    }
    count++;
  }

  /** How many were added. */
  public long count() {
    return count;
  }

  /** The entries from the first on; nothing may be added any more. */
  public EntryStream read() throws IOException {
    try {
      out.flush();
    } catch (IOException e) {
      throw failure("cannot write in ", folder, e);
    }
    return new Reader();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Reader implements EntryStream {
    private final EntryCodec decoder = new EntryCodec();
    private final DataInputStream in =
        new DataInputStream(new BufferedInputStream(new Positioned(), BUFFER));
    private byte[] buffer = new byte[256];
    private long read;

    @Override
    public Entry next() throws IOException {
      if (read == count) {
        return null;
      }
      try {
        int length = in.readInt();
        if (length > buffer.length) {
          buffer = new byte[length];
        }
        in.readFully(buffer, 0, length);
        read++;
        return decoder.read(
            new DataInputStream(new java.io.ByteArrayInputStream(buffer, 0, length)));
      } catch (IOException e) {
        throw failure("cannot read in ", folder, e);
      }
    }

    @Override
    public void close() {
      read = count;
    }
  }

  /** The file's bytes from its start, whatever others read of it meanwhile. */
  private final class Positioned extends InputStream {
    private long at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = channel.read(ByteBuffer.wrap(target, offset, length), at);
      if (n == 0) {
        throw new EOFException();
      }
      at += Math.max(n, 0);
      return n;
    }
  }
}
