package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.ServiceErrors;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes blobs as they are listed, many by one request. Where the service refuses batches (a SAS
 * for less than the container, services that know none), and for the blobs of a batch that it
 * refuses for a reason that may pass, each blob gets a request of its own. Directories go after
 * what they hold. Used by the one thread that lists.
 */
final class Removals {
  /** A blob to be removed, and the directory it is in, or null. */
  private record Entry(String name, long length, Ascent.Directory in) {}

  private final Job job;
  private final Schedule schedule;
  private final String container;
  private final Ascent ascent;
  private List<Entry> batch = new ArrayList<>();
  private volatile boolean batches = true;

  Removals(Job job, Schedule schedule, String container) {
    this.job = job;
    this.schedule = schedule;
    this.container = container;
    this.ascent =
        new Ascent(
            directory -> schedule.small(() -> removeDirectory(directory)), this::removeDirectory);
  }

  /** The next blob listed goes. */
  void remove(String name, BlobProperties blob) throws IOException {
    job.stats.plannedFiles.increment();
    if (job.options.dryRun()) {
      job.planned(name);
      return;
    }
    Ascent.Directory in = ascent.enter(name);
    if (blob.isFolder()) {
      ascent.open(name);
      return;
    }
    batch.add(new Entry(name, blob.length(), in));
    if (batch.size() == BlobService.MAX_BATCH) {
      flush();
    }
  }

  /** The next blob listed stays, and with it the directories it is in. */
  void keep(String name) throws IOException {
    ascent.left(ascent.enter(name), false);
  }

  /** Nothing more is listed. */
  void finish() throws IOException {
    flush();
    ascent.finish();
  }

  private void flush() throws IOException {
    List<Entry> entries = batch;
    batch = new ArrayList<>();
    if (batches && entries.size() > 1) {
      schedule.small(() -> removeAll(entries));
      return;
    }
    for (Entry entry : entries) {
      schedule.small(() -> removeOne(entry));
    }
  }

  private void removeAll(List<Entry> entries) {
    Map<String, ServiceException> refused = inOneRequest(entries);
    for (Entry entry : entries) {
      if (refused == null) {
        removeOne(entry);
      } else if (!refused.containsKey(entry.name())) {
        gone(entry);
      } else {
        refused(entry, refused.get(entry.name()));
      }
    }
  }

  /** The refusals by name; null where each blob has to be tried by itself. */
  private Map<String, ServiceException> inOneRequest(List<Entry> entries) {
    if (!batches || job.isOver()) {
      return null;
    }
    try {
      Map<String, Conditions> names = new LinkedHashMap<>();
      for (Entry entry : entries) {
        NameEncoding.check(entry.name());
        names.put(entry.name(), Conditions.NONE);
      }
      return job.service.deleteBatch(container, names);
    } catch (ServiceException e) {
      batches = false;
      return null;
    } catch (IOException e) {
      // The requests of the single blobs meet the same, and can name the blob.
      return null;
    }
  }

  private void refused(Entry entry, ServiceException refusal) {
    if (refusal.status() >= 500 || refusal.status() == 429) {
      removeOne(entry);
    } else if (refusal.code().equals(ServiceErrors.BLOB_NOT_FOUND)) {
      absent(entry.name(), entry.length());
      tell(entry, true);
    } else {
      job.fail(entry.name(), refusal);
      tell(entry, false);
    }
  }

  private void gone(Entry entry) {
    job.deleted(entry.name(), entry.length());
    tell(entry, true);
  }

  private void removeOne(Entry entry) {
    tell(entry, removed(entry.name(), entry.length()));
  }

  /** Removes one blob by a request of its own; whether it is gone then. */
  private boolean removed(String name, long length) {
    var gone = new boolean[1];
    job.attempt(
        name,
        () -> {
          try {
            job.service.delete(container, name, Conditions.NONE);
            job.deleted(name, length);
          } catch (ServiceException e) {
            if (!e.code().equals(ServiceErrors.BLOB_NOT_FOUND)) {
              throw e;
            }
            absent(name, length);
          }
          gone[0] = true;
        });
    return gone[0];
  }

  /** Somebody else was faster. */
  private void absent(String name, long length) {
    job.skip(name, length);
  }

  private void tell(Entry entry, boolean gone) {
    ascent.left(entry.in(), gone);
  }

  private void removeDirectory(Ascent.Directory directory) {
    boolean gone = false;
    if (directory.keepsAnything()) {
      job.skip(directory.name(), 0);
    } else {
      gone = removed(directory.name(), 0);
    }
    ascent.left(directory.above(), gone);
  }
}
