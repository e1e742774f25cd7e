package io.azcp.cache;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The partial files that got bytes since they were last synced. What is forgotten of them (they are
 * too many, the process ends) is synced when they are opened again. Thread-safe.
 */
final class FetchedFiles {
  private static final int MOST = 10_000;

  private final PartialStore partials;
  private final Set<OpenFile.Key> files = ConcurrentHashMap.newKeySet();

  FetchedFiles(PartialStore partials) {
    this.partials = partials;
  }

  /** A file has units that may not be on stable storage. */
  void note(OpenFile.Key file) {
    if (files.size() < MOST) {
      files.add(file);
    }
  }

  /** Syncs what was noted so far. */
  void sync() throws IOException {
    for (OpenFile.Key file : List.copyOf(files)) {
      // Bytes that come from here on are noted again.
      files.remove(file);
      partials.sync(file.name(), file.version());
    }
  }
}
