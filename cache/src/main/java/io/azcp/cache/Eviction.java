package io.azcp.cache;

import io.azcp.base.posix.OfdLock;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Deletes what was used least recently. The folder is the only list: a walk picks the oldest
 * {@value #BATCH} files, eviction uses them up before it walks again, and looks at each once more
 * before it deletes it. So memory does not grow with the number of cached files. A file that
 * anybody has open is passed over. Thread-safe; one thread evicts at a time.
 */
final class Eviction {
  private static final int BATCH = 4096;

  private final Layout layout;
  private final EntryLocks locks;
  private final WholeFiles wholes;
  private final PartialStore partials;
  private final Occupancy occupancy;
  private final Deque<Candidate> candidates = new ArrayDeque<>();
  private volatile boolean stopped;

  Eviction(
      Layout layout,
      EntryLocks locks,
      WholeFiles wholes,
      PartialStore partials,
      Occupancy occupancy) {
    this.layout = layout;
    this.locks = locks;
    this.wholes = wholes;
    this.partials = partials;
    this.occupancy = occupancy;
  }

  private record Candidate(String path, boolean partial, long lastUse) {}

  /** Deletes until that many bytes are free, as far as it goes. Answers the bytes freed. */
  synchronized long free(long bytes) throws IOException {
    long freed = 0;
    long freedBeforeWalk = -1;
    while (freed < bytes) {
      if (!candidates.isEmpty()) {
        Candidate candidate = candidates.pop();
        freed += candidate.partial() ? evictPartial(candidate) : evictWhole(candidate);
      } else if (freed == freedBeforeWalk) {
        // A whole walk brought nothing: what is left is open.
        return freed;
      } else {
        freedBeforeWalk = freed;
        walk();
      }
    }
    return freed;
  }

  /** Ends a walk under way and all later ones. */
  void stop() {
    stopped = true;
  }

  /** Lists the oldest files, and sets the counters right while it is at it. */
  synchronized void walk() throws IOException {
    var oldest = new PriorityQueue<Candidate>(Comparator.comparingLong(c -> -c.lastUse()));
    long[] whole = new long[2];
    long[] partial = new long[2];
    new FolderScan(layout, wholes)
        .run(
            found -> {
              whole[0]++;
              whole[1] += found.bytes();
              keep(oldest, new Candidate(found.path(), false, wholes.lastUse(found)));
              return !stopped;
            });
    if (stopped) {
      return;
    }
    new PartialSweep(wholes, partials).run();
    partials.forEach(
        "",
        path -> {
          partial[0]++;
          partial[1] += partials.presentBytes(path);
          keep(oldest, new Candidate(path, true, partials.lastUse(path)));
        });
    candidates.clear();
    while (!oldest.isEmpty()) {
      candidates.push(oldest.poll());
    }
    occupancy.set(Occupancy.Counter.WHOLE_FILES, whole[0]);
    occupancy.set(Occupancy.Counter.WHOLE_BYTES, whole[1]);
    occupancy.set(Occupancy.Counter.PARTIAL_FILES, partial[0]);
    occupancy.rebasePartial(partial[1]);
    occupancy.set(Occupancy.Counter.SCANNED_AT, System.currentTimeMillis());
  }

  private static void keep(PriorityQueue<Candidate> oldest, Candidate candidate) {
    oldest.add(candidate);
    if (oldest.size() > BATCH) {
      oldest.poll();
    }
  }

  private long evictPartial(Candidate candidate) throws IOException {
    return partials.lastUse(candidate.path()) > candidate.lastUse()
        ? 0
        : partials.delete(candidate.path());
  }

  private long evictWhole(Candidate candidate) throws IOException {
    Optional<String> name;
    try (var seen = wholes.inspect(candidate.path(), null, false).orElse(null)) {
      if (seen == null || seen.trust() == WholeFiles.Trust.FOREIGN) {
        return 0;
      }
      name = wholes.nameOf(candidate.path(), seen.mark());
    }
    return name.isEmpty() ? 0 : evictWhole(name.get(), candidate.lastUse());
  }

  /** Deletes the whole file of a name unless it is open or was used since. */
  long evictWhole(String name, long notUsedSince) throws IOException {
    return locks.holding(name, () -> evictLocked(name, notUsedSince));
  }

  private long evictLocked(String name, long notUsedSince) throws IOException {
    try (var found = wholes.find(name).orElse(null)) {
      boolean due =
          found != null
              && found.trust() != WholeFiles.Trust.FOREIGN
              && wholes.lastUse(found) <= notUsedSince
              && OfdLock.isFree(found.fd(), LockBytes.IN_USE, 1);
      if (!due) {
        return 0;
      }
      wholes.discard(found);
      wholes.removeEmptyParents(found.path());
      return Math.max(1, found.bytes());
    }
  }
}
