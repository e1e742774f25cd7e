package io.azcp.fs.tree;

import io.azcp.cache.BlobVersion;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of the whole files in the cache folder, for a volume whose service is away and of which
 * nothing else is known. Walks the folder when first needed and again when that is a minute old.
 * Thread-safe.
 */
final class OfflineNames {
  private static final Logger LOG = LoggerFactory.getLogger(OfflineNames.class);
  private static final long LIFE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Volume volume;
  private Map<String, Map<String, Found>> directories;
  private long walkedNanos;

  OfflineNames(Volume volume) {
    this.volume = volume;
  }

  /** What lies in the folder directly below a directory; null where the folder has no file. */
  synchronized Listing listing(String directory) {
    long now = volume.now();
    if (directories == null || now - walkedNanos > LIFE_NANOS) {
      directories = walk();
      walkedNanos = now;
    }
    if (directories.isEmpty()) {
      return null;
    }
    Map<String, Found> names = directories.getOrDefault(directory, Map.of());
    return new Listing(names, null, true, System.nanoTime(), now - volume.ttlNanos());
  }

  private Map<String, Map<String, Found>> walk() {
    Map<String, Map<String, Found>> tree = new LinkedHashMap<>();
    try {
      volume.cache().forEachWhole((name, version) -> add(tree, name, version));
    } catch (IOException e) {
      LOG.warn("the cache folder cannot be listed: {}", e.getMessage());
    }
    return tree;
  }

  private void add(Map<String, Map<String, Found>> tree, String name, BlobVersion version) {
    for (String dir = Paths.parent(name), at = name; ; at = dir, dir = Paths.parent(dir)) {
      Found found = at.equals(name) ? file(name, version) : volume.impliedDirectory();
      tree.computeIfAbsent(dir, k -> new LinkedHashMap<>())
          .merge(Paths.part(at), found, (old, now) -> now.isDirectory() ? now : old);
      if (dir.isEmpty()) {
        return;
      }
    }
  }

  /** What a whole file of the cache is, as far as the folder tells. */
  Found file(String name, BlobVersion version) {
    long mtime = TimeUnit.MILLISECONDS.toNanos(version.lastModified());
    Ownership ownership = volume.ownership();
    return new Found.Remote(
        RemoteFile.unasked(name, version, ownership.file(mtime), ownership.fromMetadata()), 0);
  }
}
