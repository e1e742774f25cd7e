package io.azcp.transfer.engine.shard;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * All files of a transfer, to be divided into shards: 24 bytes of memory each, names and attributes
 * on disk where they are many. Files are added, then those of some bins visited in the order they
 * were added; or looked at one by one, after {@link #finish}. Used by one thread, but for the looks
 * after {@link #finish}, which any thread may take.
 */
public final class ShardedFiles implements AutoCloseable {
  /** Takes files. */
  @FunctionalInterface
  public interface Visitor {
    /** A file as it was added. */
    void file(String name, long size, List<String> attributes) throws IOException;
  }

  private final Spool spool;
  private long[] sizes = new long[1024];
  private long[] positions = new long[1024];
  private int files;
  private byte[] last = {};
  private boolean inOrder = true;

  /**
   * No files yet.
   *
   * @param folder where names are kept when they are many
   */
  public ShardedFiles(Path folder) {
    spool = new Spool(folder);
  }

  /** Files added so far. */
  public int count() {
    return files;
  }

  /**
   * Adds a file.
   *
   * @param attributes whatever the caller needs again; a few KiB at most
   */
  public void add(String name, long size, String... attributes) throws IOException {
    if (files == sizes.length) {
      int more = (int) Math.min(Integer.MAX_VALUE - 8L, files + (files >> 1));
      if (more == files) {
        throw new AzcpException(
            Errno.EFBIG, "cannot divide more than 2,147,483,639 files into shards");
      }
      sizes = Arrays.copyOf(sizes, more);
      positions = Arrays.copyOf(positions, more);
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    inOrder &= files == 0 || Arrays.compareUnsigned(last, bytes) <= 0;
    last = bytes;
    sizes[files] = size;
    positions[files] = spool.append(record(bytes, attributes));
    files++;
  }

  private static byte[] record(byte[] name, String[] attributes) throws AzcpException {
    byte[][] parts = new byte[attributes.length + 1][];
    parts[0] = name;
    int length = Integer.BYTES;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = i == 0 ? name : attributes[i - 1].getBytes(StandardCharsets.UTF_8);
      length += Integer.BYTES + parts[i].length;
    }
    if (length > Spool.LONGEST) {
      throw new AzcpException(Errno.ENAMETOOLONG, "a file's name and attributes take over 1 MiB");
    }
    ByteBuffer record = ByteBuffer.allocate(length).putInt(parts.length);
    for (byte[] part : parts) {
      record.putInt(part.length).put(part);
    }
    return record.array();
  }

  /** A file as it was added. */
  public record Listed(String name, long size, List<String> attributes) {}

  /** Ends the adding, so that files can be looked at by their numbers. */
  public void finish() throws IOException {
    spool.finish();
  }

  /** Bytes of a file, by its number in the order of adding. */
  public long size(int file) {
    return sizes[file];
  }

  /** A file, by its number in the order of adding. Called after {@link #finish}. */
  public Listed get(int file) {
    ByteBuffer record = spool.at(positions[file]);
    int parts = record.getInt();
    List<String> texts = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      byte[] text = new byte[record.getInt()];
      record.get(text);
      texts.add(new String(text, StandardCharsets.UTF_8));
    }
    return new Listed(texts.get(0), sizes[file], texts.subList(1, parts));
  }

  /** The order of the names of two files, by their numbers. Called after {@link #finish}. */
  public int compareByName(int a, int b) {
    return inOrder ? Integer.compare(a, b) : compareNames(a, b);
  }

  /** Visits the files of these bins. Called once, after the last file was added. */
  public void each(Shard.Bins own, Visitor visitor) throws IOException {
    BitSet numbers = numbers(own);
    for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
      visit(i, visitor);
    }
  }

  /** Which files are in these bins, numbered as they were added. Called in place of the other. */
  public BitSet numbers(Shard.Bins own) throws IOException {
    spool.finish();
    int[] bins = LongestFirst.bins(sizes, files, this::compareByName, own.count());
    var numbers = new BitSet(files);
    for (int i = 0; i < files; i++) {
      numbers.set(i, own.own(bins[i]));
    }
    return numbers;
  }

  private void visit(int file, Visitor visitor) throws IOException {
    Listed listed = get(file);
    visitor.file(listed.name(), listed.size(), listed.attributes());
  }

  /** By the bytes of the names, then as they came. */
  private int compareNames(int a, int b) {
    ByteBuffer x = name(a);
    ByteBuffer y = name(b);
    int at = x.mismatch(y);
    if (at < 0) {
      return Integer.compare(a, b);
    }
    if (at == x.remaining() || at == y.remaining()) {
      return Integer.compare(x.remaining(), y.remaining());
    }
    return Byte.compareUnsigned(x.get(x.position() + at), y.get(y.position() + at));
  }

  private ByteBuffer name(int file) {
    ByteBuffer record = spool.at(positions[file]);
    record.getInt();
    int length = record.getInt();
    return record.limit(record.position() + length);
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
