package io.azcp.cache;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.OfdLock;
import java.io.IOException;

/**
 * The fetches of one partial file, each under a claim, so that processes that share the file fetch
 * each byte once.
 *
 * <p>A claim is an open-file-description lock on the very range of the data file, so it ends with
 * its holder. Data is written before its map byte, and the map byte before the claim is given back;
 * whoever gets a claim reads the map again first. A claim is taken only by a fetch that is about to
 * run, and no claim is waited for. Thread-safe.
 */
final class ClaimedFetches {
  private final CacheContext context;
  private final PartialFile file;
  private final PartialStore.Opened opened;
  private final RangeMap map;
  private int overrides;

  ClaimedFetches(CacheContext context, PartialFile file, PartialStore.Opened opened) {
    this.context = context;
    this.file = file;
    this.opened = opened;
    this.map = opened.map();
  }

  /** Fetches what is missing of its range; false when another process's claim is in the way. */
  boolean attempt(Fetch fetch) throws IOException {
    map.refresh(fetch.from(), fetch.to());
    if (map.present(fetch.from(), fetch.to())) {
      return true;
    }
    long offset = map.offset(fetch.from());
    long length = map.offset(fetch.to()) - offset;
    boolean claimed = OfdLock.tryExclusive(opened.dataFd(), offset, length);
    if (!claimed && !fetch.overriding()) {
      return false;
    }
    if (!claimed) {
      changeOverrides(1);
    }
    try {
      map.refresh(fetch.from(), fetch.to());
      fetchMissing(fetch, claimed);
    } finally {
      if (claimed) {
        OfdLock.unlock(opened.dataFd(), offset, length);
      } else {
        changeOverrides(-1);
      }
    }
    return true;
  }

  private void changeOverrides(int by) throws IOException {
    synchronized (this) {
      overrides += by;
      if (overrides == 0) {
        OfdLock.unlock(opened.dataFd(), LockBytes.OVERRIDE, 1);
      } else {
        OfdLock.tryShared(opened.dataFd(), LockBytes.OVERRIDE, 1);
      }
    }
  }

  private void fetchMissing(Fetch fetch, boolean claimed) throws IOException {
    int unit = fetch.from();
    while ((unit = map.nextAbsent(unit, fetch.to())) < fetch.to()) {
      int end = map.nextPresent(unit, fetch.to());
      OpenFile.Key asked = file.key();
      try {
        fetchRun(asked, unit, end, claimed);
      } catch (AzcpException e) {
        // We changed the blob ourselves meanwhile: the same bytes, another ETag or another name.
        boolean gone = e.errno() == Errno.ESTALE || e.errno() == Errno.ENOENT;
        if (gone && asked.equals(file.key())) {
          context.ownChanges().await(asked.name());
        }
        if (!gone || asked.equals(file.key())) {
          throw e;
        }
      }
    }
  }

  private void fetchRun(OpenFile.Key asked, int from, int to, boolean claimed) throws IOException {
    long offset = map.offset(from);
    long length = map.offset(to) - offset;
    var sink = new UnitSink(file, map, from, to, context.room(), !claimed);
    try {
      sink.reserveFirst();
      context.source().fetch(asked.name(), asked.version(), offset, length, sink);
      if (!sink.complete()) {
        throw new AzcpException(
            Errno.EIO,
            "The service sent only a part of "
                + length
                + " bytes of "
                + asked.name()
                + "; try again.");
      }
    } finally {
      sink.giveBack();
    }
  }
}
