package io.azcp.prefetch;

import io.azcp.cache.Cache;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What lies in the cache ahead of a reader who goes through files in a known order. How far the
 * reader is, is told by the files: the last one that was used since it was fetched, and all before
 * it, are behind. Touched by the preparation's loop alone.
 */
final class ReaderDistance {
  /** Files looked at in a row without one that was used. */
  private static final int LOOKED_AT = 2048;

  /** Some 20 MiB of names. */
  private static final int MOST_FILES = 100_000;

  private final Cache cache;
  private final NavigableMap<Long, Ahead> ahead = new TreeMap<>();
  private long sequence;
  private long bytes;

  /** The use of a file that is fetched and not published yet. */
  private static final long UNKNOWN = -1;

  /** A file ahead, and when it was used last as it came to lie there. */
  private record Ahead(String name, long length, long use) {}

  ReaderDistance(Cache cache) {
    this.cache = cache;
  }

  /** Bytes fetched, or being fetched, and not yet read. */
  long bytes() {
    return bytes;
  }

  /** Whether one more file can be kept track of. */
  boolean hasRoom() {
    return ahead.size() < MOST_FILES;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  /** A file is about to be fetched. */
  void begun(long length) {
    bytes += length;
  }

  /** It could not be. */
  void failed(long length) {
    bytes -= length;
  }

  /** It lies in the cache. */
  void fetched(Wanted file) throws IOException {
    long use = cache.lastUse(file.name()).orElse(UNKNOWN);
    // Files end in another order than they are read in: what came in between goes with them.
    ahead.put(
        (file.rank() << 20) + (sequence++ & 0xFFFFF), new Ahead(file.name(), file.length(), use));
  }

  /** Looks how far the reader is; answers whether it came any farther. */
  boolean look() throws IOException {
    boolean moved = false;
    while (behind(lastUsed())) {
      moved = true;
    }
    return moved;
  }

  /** The last of the next files that was used; negative where none was. */
  private long lastUsed() throws IOException {
    long last = -1;
    int looked = 0;
    for (Map.Entry<Long, Ahead> each : ahead.entrySet()) {
      if (looked++ == LOOKED_AT) {
        break;
      }
      Ahead file = each.getValue();
      long use = cache.lastUse(file.name()).orElse(UNKNOWN);
      if (file.use() == UNKNOWN) {
        each.setValue(new Ahead(file.name(), file.length(), use));
      } else if (use != file.use()) {
        last = each.getKey();
      }
    }
    return last;
  }

  private boolean behind(long last) {
    if (last < 0) {
      return false;
    }
    NavigableMap<Long, Ahead> behind = ahead.headMap(last, true);
    behind.values().forEach(file -> bytes -= file.length());
    behind.clear();
    return true;
  }
}
