package io.azcp.cluster;

import io.azcp.transfer.engine.shard.ShardList;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Which files, with which sizes and times, an earlier run's list has: 8 bytes of memory each, a
 * hash of its line. Used by one thread.
 */
final class KnownFiles {
  /** An earlier run that had none. */
  static final KnownFiles NONE = new KnownFiles();

  private long[] hashes = {};
  private int count;

  /**
   * Reads a list.
   *
   * @param prefix what names may begin with; it does not count
   */
  static KnownFiles of(String file, String prefix) throws IOException {
    var known = new KnownFiles();
    new ShardList(file, InputStream.nullInputStream())
        .each(
            e -> {
              String name = e.name();
              known.add(
                  name.startsWith(prefix) ? name.substring(prefix.length()) : name,
                  e.size(),
                  e.modified());
            });
    Arrays.sort(known.hashes, 0, known.count);
    return known;
  }

  private void add(String name, long size, String column) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.max(1024, 2 * count));
    }
    hashes[count++] = hash(name, size, column);
  }

  boolean has(String name, long size, String column) {
    return count > 0 && Arrays.binarySearch(hashes, 0, count, hash(name, size, column)) >= 0;
  }

  private static long hash(String name, long size, String column) {
    MessageDigest digest = Ballot.digest(name + "\t" + size + "\t" + column);
    return ByteBuffer.wrap(digest.digest()).getLong();
  }
}
