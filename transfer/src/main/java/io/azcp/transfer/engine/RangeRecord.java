package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Which ranges of a blob are in its temporary file, kept in the same file behind the content, so
 * that a later run can go on with it. A range is recorded once it was written, with its CRC32C, and
 * counts later only where its bytes still have that sum: after a power failure a file may hold the
 * record of a range and not its bytes.
 *
 * <p>From the first multiple of {@value DirectOutput#ALIGNMENT} behind the content on, all big
 * endian: eight bytes a range (zero, or 2³² + CRC32C); the subject, which says in UTF-8 what the
 * file is to become; its length in bytes, in four; the magic number, in eight. Threads may record
 * different ranges at once.
 */
final class RangeRecord implements AutoCloseable {
  private static final long MAGIC = 0x617a63702d726e67L;
  private static final int FOOTER = Integer.BYTES + Long.BYTES;
  private static final long WRITTEN = 1L << 32;
  private static final int READ_BYTES = 64 << 10;

  private final FileChannel channel;
  private final BlockPlan plan;
  private final long start;
  private final long[] earlier;
  private final AtomicLong bytes = new AtomicLong();

  private RangeRecord(FileChannel channel, BlockPlan plan, long[] earlier) {
    this.channel = channel;
    this.plan = plan;
    this.start = start(plan);
    this.earlier = earlier;
    for (int i = 0; i < earlier.length; i++) {
      bytes.addAndGet(earlier[i] == 0 ? 0 : plan.size(i));
    }
  }

  private static long start(BlockPlan plan) {
    long grain = DirectOutput.ALIGNMENT;
    return (plan.length() + grain - 1) / grain * grain;
  }

  /**
   * The number that the temporary of a subject is named by (FNV-1a). Two subjects may have the same
   * one: what counts is the subject in the file.
   */
  static long number(String subject) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : subject.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  /**
   * The record in a file that this process has locked: of what an earlier run left there, or a new
   * one in an empty file; null where the file is something else, which stays as it is. To be closed
   * together with whatever else has the file open: the lock ends with the first.
   */
  static RangeRecord of(Path file, String subject, BlockPlan plan) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      long[] earlier =
          channel.size() == 0 ? begin(channel, subject, plan) : read(channel, subject, plan);
      if (earlier != null) {
        return new RangeRecord(channel, plan, earlier);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  private static byte[] footer(String subject) {
    byte[] text = subject.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(text.length + FOOTER)
        .put(text)
        .putInt(text.length)
        .putLong(MAGIC)
        .array();
  }

  private static long[] begin(FileChannel channel, String subject, BlockPlan plan)
      throws IOException {
    long[] nothing = new long[plan.count()];
    write(channel, footer(subject), start(plan) + (long) nothing.length * Long.BYTES);
    return nothing;
  }

  /** Null where it is not the record of that subject. */
  private static long[] read(FileChannel channel, String subject, BlockPlan plan)
      throws IOException {
    byte[] footer = footer(subject);
    long[] entries = new long[plan.count()];
    int table = entries.length * Long.BYTES;
    if (channel.size() != start(plan) + table + footer.length) {
      return null;
    }
    ByteBuffer all = ByteBuffer.allocate(table + footer.length);
    while (all.hasRemaining()) {
      if (channel.read(all, start(plan) + all.position()) < 0) {
        return null;
      }
    }
    all.flip().asLongBuffer().get(entries);
    return Arrays.equals(all.array(), table, all.limit(), footer, 0, footer.length)
        ? entries
        : null;
  }

  private static void write(FileChannel channel, byte[] content, long offset) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      channel.write(buffer, offset + buffer.position());
    }
  }

  /** Whether an earlier run has brought a range; reads it. */
  boolean holds(int index) throws IOException {
    if (earlier[index] == 0) {
      return false;
    }
    if (earlier[index] == (WRITTEN | sum(index))) {
      return true;
    }
    bytes.addAndGet(-plan.size(index));
    return false;
  }

  private long sum(int index) throws IOException {
    var sum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(READ_BYTES, plan.size(index)));
    long end = plan.offset(index) + plan.size(index);
    for (long at = plan.offset(index); at < end; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int n = channel.read(buffer, at);
      if (n < 0) {
        break;
      }
      at += n;
      sum.update(buffer.flip());
    }
    return sum.getValue();
  }

  /** A range is written. */
  void add(int index, CRC32C sum) throws IOException {
    byte[] entry = ByteBuffer.allocate(Long.BYTES).putLong(WRITTEN | sum.getValue()).array();
    write(channel, entry, start + (long) index * Long.BYTES);
    bytes.addAndGet(plan.size(index));
  }

  /** Bytes of the ranges that are recorded. */
  long bytes() {
    return bytes.get();
  }

  /** Takes the record off the file, which is whole. */
  void remove() throws IOException {
    channel.truncate(plan.length());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
