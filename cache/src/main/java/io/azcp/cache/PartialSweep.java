package io.azcp.cache;

import io.azcp.base.posix.Files;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Clears partial files that nobody will ask for again: of a version older than the whole file that
 * lies in its place, from before a reboot, and remains of processes that were killed while they
 * made one. Files that anybody has open stay.
 */
record PartialSweep(WholeFiles wholes, PartialStore partials) {
  /** Making a partial file takes milliseconds; what is that old belongs to nobody. */
  private static final long REMAINS_MILLIS = TimeUnit.HOURS.toMillis(1);

  void run() throws IOException {
    List<String> obsolete = new ArrayList<>();
    partials.forEach(
        "",
        path -> {
          if (isObsolete(path)) {
            obsolete.add(path);
          }
        });
    for (String path : obsolete) {
      partials.delete(path);
    }
    long limit = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - REMAINS_MILLIS);
    partials.forEachOrphan(limit, Files::unlinkIfExists);
  }

  private boolean isObsolete(String path) throws IOException {
    Optional<PartialHeader> header = partials.header(path);
    if (header.isEmpty()) {
      return false;
    }
    if (partials.outdated(path, header.get())) {
      return true;
    }
    try (var found = wholes.find(header.get().name()).orElse(null)) {
      return found != null
          && found.whole()
          && found.mark().version().lastModified() >= header.get().version().lastModified();
    }
  }
}
