package io.azcp.cache;

import java.util.concurrent.atomic.AtomicBoolean;

/** What the files of one cache folder share. */
record CacheContext(
    CacheOptions options,
    Layout layout,
    EntryLocks locks,
    WholeFiles wholes,
    PartialStore partials,
    OpenFiles openFiles,
    OwnChanges ownChanges,
    ClaimWaiter claims,
    Room room,
    Durability durability,
    RangeSource source,
    FetchThreads threads,
    AtomicBoolean closing) {

  /** Whether the cache is being closed: nothing new is fetched. */
  boolean closed() {
    return closing.get();
  }
}
