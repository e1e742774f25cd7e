package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.cache.Cache;
import io.azcp.cache.CachedFile;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ahead across files: fetches small files of a directory while others of it are read, as a
 * data loader does that reads every sample once in a shuffled order. What is fetched so is fetched
 * behind everything that somebody waits for, and only while the cache has room. Thread-safe.
 */
final class Siblings {
  private static final Logger LOG = LoggerFactory.getLogger(Siblings.class);

  /** Directories remembered, those read last. */
  private static final int DIRECTORIES = 1000;

  /** Fetches of this kind at once. */
  private static final int AT_ONCE = 64;

  private final Volume volume;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<String, SiblingPlan> plans =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SiblingPlan> eldest) {
          return size() > DIRECTORIES;
        }
      };

  Siblings(Volume volume) {
    this.volume = volume;
  }

  /**
   * A file is opened for reading.
   *
   * @param whole whether all of it is here
   */
  void opened(String directory, String part, RemoteFile file, boolean whole) {
    if (!SiblingPlan.isSmall(file) || underWay.get() >= AT_ONCE) {
      return;
    }
    for (RemoteFile next : next(directory, part, whole)) {
      underWay.incrementAndGet();
      try {
        volume.calls().execute(() -> fetch(next));
      } catch (RuntimeException e) {
        // The mount is ending.
        underWay.decrementAndGet();
      }
    }
  }

  private List<RemoteFile> next(String directory, String part, boolean whole) {
    synchronized (plans) {
      SiblingPlan plan = plans.get(directory);
      if (whole && (plan == null || !plan.knows(part))) {
        return List.of();
      }
      Listing listing = volume.listings().known(directory);
      if (listing == null || !listing.complete() || !hasRoom()) {
        return List.of();
      }
      if (plan == null || !plan.isOf(listing)) {
        plan = new SiblingPlan(listing);
        plans.put(directory, plan);
      }
      return plan.read(part);
    }
  }

  /** Nothing is evicted for what nobody has asked for. */
  private boolean hasRoom() {
    Cache.Usage usage = volume.cache().usage();
    return usage.wholeBytes() + usage.partialBytes() < usage.limitBytes() / 4 * 3;
  }

  private void fetch(RemoteFile file) {
    try {
      CachedFile cached = volume.cache().open(file.blob(), file.version());
      cached.ensure(0, file.version().length(), false, new Closing(cached));
    } catch (IOException e) {
      underWay.decrementAndGet();
      LOG.debug("{} was not fetched ahead: {}", file.blob(), e.getMessage());
    }
  }

  /** Closes a file when it is there. */
  private final class Closing implements CachedFile.FaultListener {
    private final CachedFile file;

    Closing(CachedFile file) {
      this.file = file;
    }

    @Override
    public void ready() {
      file.close();
      underWay.decrementAndGet();
    }

    @Override
    public void failed(AzcpException reason) {
      LOG.debug("{} was not fetched ahead: {}", file.name(), reason.getMessage());
      ready();
    }
  }
}
