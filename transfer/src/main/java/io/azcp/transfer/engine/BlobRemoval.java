package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ServiceException;
import io.azcp.transfer.engine.sync.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes blobs, many by one request, and only in the version that was listed. What a batch did not
 * remove is removed by a request of its own, which is repeated and refused with a reason.
 */
final class BlobRemoval implements SyncRemoval {
  private final SyncJob job;
  private final Schedule schedule;
  private final BlobService service;
  private final BlobTree tree;
  private List<Entry> batch = new ArrayList<>();
  private volatile boolean batches = true;

  BlobRemoval(SyncJob job, Schedule schedule, BlobService service, BlobTree tree) {
    this.job = job;
    this.schedule = schedule;
    this.service = service;
    this.tree = tree;
  }

  @Override
  public String shown(Entry entry) {
    return tree.shown(entry);
  }

  @Override
  public void remove(Entry entry) throws IOException {
    batch.add(entry);
    if (batch.size() == BlobService.MAX_BATCH) {
      finish();
    }
  }

  @Override
  public void finish() throws IOException {
    List<Entry> entries = batch;
    batch = new ArrayList<>();
    if (!entries.isEmpty()) {
      schedule.small(() -> removeAll(entries));
    }
  }

  private void removeAll(List<Entry> entries) {
    List<Entry> left = entries;
    if (batches && entries.size() > 1) {
      left = afterBatch(entries);
    }
    for (Entry entry : left) {
      job.attempt(shown(entry), () -> removeOne(entry));
    }
  }

  /** What is not known to be gone. */
  private List<Entry> afterBatch(List<Entry> entries) {
    Map<String, Conditions> names = new LinkedHashMap<>();
    entries.forEach(entry -> names.put(shown(entry), condition(entry)));
    Map<String, ServiceException> refused;
    try {
      job.checkGoing();
      refused = service.deleteBatch(tree.container(), names);
    } catch (ServiceException e) {
      batches = false;
      return entries;
    } catch (IOException e) {
      return entries;
    }
    List<Entry> left = new ArrayList<>();
    for (Entry entry : entries) {
      if (refused.containsKey(shown(entry))) {
        left.add(entry);
      } else {
        job.removed(entry, shown(entry));
      }
    }
    return left;
  }

  private void removeOne(Entry entry) throws IOException {
    job.checkGoing();
    String name = shown(entry);
    try {
      service.delete(tree.container(), name, condition(entry));
    } catch (ServiceException e) {
      if (e.errno() == Errno.ESTALE) {
        throw new AzcpException(
            Errno.ESTALE, name + " was changed after it was listed and is not deleted", e);
      }
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    job.removed(entry, name);
  }

  private static Conditions condition(Entry entry) {
    return Conditions.match(entry.blob().etag());
  }
}
