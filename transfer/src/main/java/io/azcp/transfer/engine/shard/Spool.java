package io.azcp.transfer.engine.shard;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of bytes, appended and then read at random: in memory while they are few, else in a
 * nameless file that is read through the page cache. Used by one thread.
 */
final class Spool implements AutoCloseable {
  /** Bytes held in memory before there is a file, and written at once after that. */
  static final int IN_MEMORY = 4 << 20;

  /** The longest record: names and attributes of a blob are a few KiB at most. */
  static final int LONGEST = 1 << 20;

  /** Bytes of one mapping; each reaches one record further, so that no record is cut. */
  private static final long SEGMENT = 256L << 20;

  private final Path folder;
  private final List<ByteBuffer> views = new ArrayList<>();
  private byte[] held = new byte[64 << 10];
  private int heldBytes;
  private long written;
  private FileChannel file;

  /**
   * An empty one.
   *
   * @param folder where the file is made if there must be one
   */
  Spool(Path folder) {
    this.folder = folder;
  }

  /** Appends a record and answers its position. */
  long append(byte[] record) throws IOException {
    if (heldBytes + record.length > IN_MEMORY) {
      flush();
    }
    if (heldBytes + record.length > held.length) {
      held = Arrays.copyOf(held, Math.min(IN_MEMORY, 2 * (heldBytes + record.length)));
    }
    System.arraycopy(record, 0, held, heldBytes, record.length);
    long position = written + heldBytes;
    heldBytes += record.length;
    return position;
  }

  private void flush() throws IOException {
    try {
      if (file == null) {
        Path path = Files.createTempFile(folder, "azcp-names-", "");
        file =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      ByteBuffer rest = ByteBuffer.wrap(held, 0, heldBytes);
      while (rest.hasRemaining()) {
        written += file.write(rest, written);
      }
      heldBytes = 0;
    } catch (IOException e) {
      throw new AzcpException(
          Errno.EIO,
          "cannot keep the names of the files in "
              + folder
              + ": "
              + e.getMessage()
              + "; make room there, or name another folder with --job-dir",
          e);
    }
  }

  /** Ends the appending; after this records can be read. */
  void finish() throws IOException {
    if (file == null) {
      views.add(ByteBuffer.wrap(held, 0, heldBytes));
      return;
    }
    flush();
    held = new byte[0];
    for (long start = 0; start < written; start += SEGMENT) {
      long bytes = Math.min(SEGMENT + LONGEST, written - start);
      views.add(file.map(FileChannel.MapMode.READ_ONLY, start, bytes));
    }
  }

  /** The bytes from a record's position on, for reading. */
  ByteBuffer at(long position) {
    ByteBuffer view = views.get((int) (position / SEGMENT));
    return view.duplicate().position((int) (position % SEGMENT));
  }

  @Override
  public void close() throws IOException {
    views.clear();
    if (file != null) {
      file.close();
    }
  }
}
