package io.azcp.cache;

import io.azcp.cache.Cache.EvictionListener;
import io.azcp.cache.Cache.Kept;
import java.io.IOException;
import java.util.Optional;

/**
 * Deletes single cached files, unless anybody has them open, here or in another process, or they
 * are pinned. Thread-safe.
 */
record Discard(EntryLocks locks, WholeFiles wholes, PartialStore partials, Pins pins) {
  /**
   * What came of one file.
   *
   * @param bytes freed, at least one where a file went
   * @param kept why it stayed; null where it went or was not there
   */
  record Outcome(long bytes, Kept kept) {
    static final Outcome NOTHING = new Outcome(0, null);

    static Outcome of(long bytes) {
      return bytes == 0 ? NOTHING : new Outcome(bytes, null);
    }
  }

  /** Deletes the whole file of a name unless it was used after a time. */
  Outcome whole(String name, long notUsedSince, boolean pinnedToo) throws IOException {
    return locks.holding(name, () -> wholeLocked(name, notUsedSince, pinnedToo));
  }

  private Outcome wholeLocked(String name, long notUsedSince, boolean pinnedToo)
      throws IOException {
    WholeFiles.Found found = wholes.find(name).orElse(null);
    if (found == null) {
      return Outcome.NOTHING;
    }
    boolean due = false;
    boolean pinned = false;
    try {
      pinned = !pinnedToo && pins.holds(name);
      due =
          !pinned
              && found.trust() != WholeFiles.Trust.FOREIGN
              && wholes.lastUse(found) <= notUsedSince;
    } finally {
      if (!due) {
        found.close();
      }
    }
    if (!due) {
      boolean ours = found.trust() != WholeFiles.Trust.FOREIGN;
      return pinned && ours ? new Outcome(0, Kept.PINNED) : Outcome.NOTHING;
    }
    if (!wholes.removals().discardUnused(found)) {
      return new Outcome(0, Kept.OPEN);
    }
    wholes.removeEmptyParents(found.path());
    return Outcome.of(Math.max(1, found.bytes()));
  }

  /** Deletes the partial file at a path. */
  Outcome partial(String path, boolean pinnedToo) throws IOException {
    if (!pinnedToo) {
      Optional<PartialHeader> header = partials.header(path);
      if (header.isPresent() && pins.holds(header.get().name())) {
        return new Outcome(0, Kept.PINNED);
      }
    }
    long freed = partials.delete(path);
    return freed == 0 && PartialStore.inodeAt(path) != 0
        ? new Outcome(0, Kept.OPEN)
        : Outcome.of(freed);
  }

  /** Deletes what is there of a name, pinned or not; answers the bytes freed. */
  long name(String name) throws IOException {
    long[] freed = {whole(name, Long.MAX_VALUE, true).bytes()};
    partials.forEach(Layout.partialPrefix(name), path -> freed[0] += partial(path, true).bytes());
    return freed[0];
  }

  /** Deletes what is there of a name and of all names below it. */
  void tree(Layout layout, String name, boolean pinnedToo, EvictionListener listener)
      throws IOException {
    if (!name.isEmpty()) {
      tell(name, whole(name, Long.MAX_VALUE, pinnedToo), listener);
    }
    new FolderScan(layout, wholes)
        .below(
            name.isEmpty() ? layout.folder() : layout.whole(name),
            found -> {
              Optional<String> below = wholes.nameOf(found.path(), found.mark());
              if (below.isPresent()) {
                tell(below.get(), whole(below.get(), Long.MAX_VALUE, pinnedToo), listener);
              }
              return true;
            });
    // The walk itself had each of them open.
    wholes.held().sweep(bytes -> {});
    String prefix = name.isEmpty() ? "" : name + "/";
    partials.forEach(
        "",
        path -> {
          String of = partials.header(path).map(PartialHeader::name).orElse("");
          if (of.equals(name) || of.startsWith(prefix)) {
            tell(of, partial(path, pinnedToo), listener);
          }
        });
  }

  private static void tell(String name, Outcome outcome, EvictionListener listener)
      throws IOException {
    if (outcome.kept() != null) {
      listener.kept(name, outcome.kept());
    } else if (outcome.bytes() > 0) {
      listener.freed(name, outcome.bytes());
    }
  }
}
