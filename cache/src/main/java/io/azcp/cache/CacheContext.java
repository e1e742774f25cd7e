package io.azcp.cache;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    Recency recency,
    Durability durability,
    FetchedFiles fetchedFiles,
    RangeSource source,
    FetchThreads threads,
    AtomicBoolean closing) {

  private static final Logger LOG = LoggerFactory.getLogger(CacheContext.class);

  /**
   * Notes an open or the last close of a file: the order of eviction is that of opens, whoever
   * reads then, also the kernel by itself.
   */
  void noteUse(OpenFile file) {
    if (recency.worthNoting(file.usedAt())) {
      long now = recency.now();
      file.usedAt(now);
      try {
        wholes.touch(file.fd(), now);
      } catch (IOException e) {
        LOG.debug("A use of {} is not noted: {}", file.key().name(), e.getMessage());
      }
    }
  }

  /** Closes the descriptor that a file was read through. */
  void closeReader(int fd, String name) {
    try {
      wholes.closeReader(fd);
    } catch (IOException e) {
      LOG.warn("What was replaced of {} stays until the next look: {}", name, e.getMessage());
    }
  }

  /** Whether the cache is being closed: nothing new is fetched. */
  boolean closed() {
    return closing.get();
  }
}
