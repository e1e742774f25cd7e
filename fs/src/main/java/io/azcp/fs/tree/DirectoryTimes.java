package io.azcp.fs.tree;

import io.azcp.fs.writeback.PosixAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * When names in directories were last made, removed or renamed here, which is the directory's mtime
 * and ctime from then on. It is not uploaded, a request for each name made would be the price: a
 * marker that is written anyway carries it, and a time that is set (as by tar, rsync, cp -p) is
 * kept. Of the newest {@link #KEPT} directories. Thread-safe.
 */
final class DirectoryTimes {
  private static final int KEPT = 16_384;

  private final Map<String, Long> times = new LinkedHashMap<>(16, 0.75f, true);

  /** A name in the directory has changed now. */
  void changed(String directory) {
    long now = Clocks.wallNanos();
    synchronized (times) {
      times.put(directory, now);
      if (times.size() > KEPT) {
        times.remove(times.keySet().iterator().next());
      }
    }
  }

  /** The attributes of a directory with the time of its last change here. */
  PosixAttributes applied(String directory, PosixAttributes told) {
    Long changed;
    synchronized (times) {
      changed = times.get(directory);
    }
    return changed == null || changed <= told.mtimeNanos() ? told : told.writtenAt(changed);
  }

  /** The directory is gone, or its time was set. */
  void forget(String directory) {
    synchronized (times) {
      times.remove(directory);
    }
  }

  /** A name, and all below it, is another one now. */
  void moved(String from, String to) {
    Map<String, Long> moved = new LinkedHashMap<>();
    synchronized (times) {
      times
          .entrySet()
          .removeIf(
              e -> {
                boolean below = Paths.lies(e.getKey(), from);
                if (below) {
                  moved.put(to + e.getKey().substring(from.length()), e.getValue());
                }
                return below;
              });
      times.remove(to);
      times.putAll(moved);
    }
  }
}
