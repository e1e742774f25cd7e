package io.azcp.cache;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Deletes what was used least recently. The folder is the only list: a walk picks the oldest
 * {@value #BATCH} files, eviction uses them up before it walks again, and looks at each once more
 * before it deletes it. So memory does not grow with the number of cached files. A file that
 * anybody has open is passed over. Thread-safe; one thread evicts at a time.
 */
final class Eviction {
  private static final int BATCH = 16_384;

  private final Layout layout;
  private final Recency recency;
  private final Discard discard;
  private final Occupancy occupancy;
  private final Deque<Candidate> candidates = new ArrayDeque<>();
  private final ReentrantLock turn = new ReentrantLock();
  private volatile boolean stopped;

  Eviction(Layout layout, Recency recency, Discard discard, Occupancy occupancy) {
    this.layout = layout;
    this.recency = recency;
    this.discard = discard;
    this.occupancy = occupancy;
  }

  private record Candidate(String path, boolean partial, long lastUse) {}

  /**
   * Deletes until that many bytes are free, as far as it goes; what others free meanwhile counts.
   *
   * @return the bytes freed here
   */
  long free(long bytes) throws IOException {
    turn.lock();
    try {
      return freeInTurn(bytes);
    } finally {
      turn.unlock();
    }
  }

  private long freeInTurn(long bytes) throws IOException {
    long goal = occupancy.total() - bytes;
    long freed = 0;
    long freedBeforeWalk = -1;
    while (freed < bytes && occupancy.total() > goal) {
      if (!candidates.isEmpty()) {
        freed += evict(candidates.pop());
      } else if (freed == freedBeforeWalk) {
        // A whole walk brought nothing: what is left is open or pinned.
        return freed;
      } else {
        freedBeforeWalk = freed;
        walkInTurn();
      }
    }
    return freed;
  }

  /** The same without a walk: from what the last one listed, if no other thread evicts. */
  void freeListed(long bytes) throws IOException {
    if (turn.tryLock()) {
      try {
        for (long freed = 0; freed < bytes && !candidates.isEmpty(); ) {
          freed += evict(candidates.pop());
        }
      } finally {
        turn.unlock();
      }
    }
  }

  /** Ends a walk under way and all later ones. */
  void stop() {
    stopped = true;
  }

  /** Lists the oldest files that are not pinned, and sets the counters right meanwhile. */
  void walk() throws IOException {
    turn.lock();
    try {
      walkInTurn();
    } finally {
      turn.unlock();
    }
  }

  private void walkInTurn() throws IOException {
    WholeFiles wholes = discard.wholes();
    PartialStore partials = discard.partials();
    boolean anyPins = discard.pins().any();
    var before = occupancy.before();
    var oldest = new PriorityQueue<Candidate>(Comparator.comparingLong(c -> -c.lastUse()));
    long[] whole = new long[2];
    long[] partial = new long[2];
    new FolderScan(layout, wholes)
        .run(
            found -> {
              whole[0]++;
              whole[1] += found.bytes();
              if (!anyPins || !pinned(wholes.nameOf(found.path(), found.mark()))) {
                keep(oldest, new Candidate(found.path(), false, wholes.lastUse(found)));
              }
              return !stopped;
            });
    if (stopped) {
      return;
    }
    wholes
        .held()
        .sweep(
            bytes -> {
              whole[0]++;
              whole[1] += bytes;
            });
    new PartialSweep(wholes, partials).run();
    partials.forEach(
        "",
        path -> {
          Optional<PartialHeader> header = partials.header(path);
          if (header.isEmpty()) {
            // Being made, or remains: it is counted together with its map.
            return;
          }
          partial[0]++;
          partial[1] += partials.bytes(path);
          if (!anyPins || !pinned(header.map(PartialHeader::name))) {
            keep(oldest, new Candidate(path, true, partials.lastUse(path)));
          }
        });
    candidates.clear();
    while (!oldest.isEmpty()) {
      candidates.push(oldest.poll());
    }
    if (!candidates.isEmpty()) {
      recency.oldest(candidates.peek().lastUse());
    }
    before.correct(whole, partial);
  }

  private boolean pinned(Optional<String> name) {
    return name.isPresent() && discard.pins().holds(name.get());
  }

  private static void keep(PriorityQueue<Candidate> oldest, Candidate candidate) {
    oldest.add(candidate);
    if (oldest.size() > BATCH) {
      oldest.poll();
    }
  }

  private long evict(Candidate candidate) throws IOException {
    if (candidate.partial()) {
      return discard.partials().lastUse(candidate.path()) > candidate.lastUse()
          ? 0
          : discard.partial(candidate.path(), false).bytes();
    }
    Optional<String> name;
    WholeFiles wholes = discard.wholes();
    try (var seen = wholes.inspect(candidate.path(), null, false).orElse(null)) {
      if (seen == null || seen.trust() == WholeFiles.Trust.FOREIGN) {
        return 0;
      }
      name = wholes.nameOf(candidate.path(), seen.mark());
    }
    return name.isEmpty() ? 0 : discard.whole(name.get(), candidate.lastUse(), false).bytes();
  }
}
