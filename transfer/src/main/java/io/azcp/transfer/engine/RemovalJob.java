package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;

/**
 * Removes a blob, or with {@link TransferOptions#recursive()} the blobs below a prefix and the
 * marker of the directory it is. A prefix is a directory: {@code p} does not take {@code pp/x}.
 */
public final class RemovalJob extends Job {
  private final String container;
  private final String target;
  private boolean matched;

  /** A removal. */
  public RemovalJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      String container,
      String target) {
    super(service, options, events);
    this.container = container;
    this.target = target;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    boolean directory = target.isEmpty() || target.endsWith("/");
    if (options.recursive()) {
      BlobPages.each(
          service,
          container,
          ListQuery.flat(BlobPages.directoryPrefix(target)),
          (name, blob) -> consider(schedule, name));
    }
    String name = directory && !target.isEmpty() ? chop(target) : target;
    BlobProperties blob = name.isEmpty() ? null : BlobPages.headOrNull(service, container, name);
    boolean mine = blob != null && (!(directory || matched) || blob.isFolder());
    boolean full =
        mine
            && !options.recursive()
            && blob.isFolder()
            && BlobPages.hasChildren(service, container, name);
    if (mine && !full) {
      boolean single = !matched;
      consider(schedule, name);
      return single ? new Outcome(name) : Outcome.MANY;
    }
    if (!matched) {
      throw absent();
    }
    return Outcome.MANY;
  }

  private static String chop(String text) {
    return text.substring(0, text.length() - 1);
  }

  private AzcpException absent() throws IOException {
    boolean directory = !options.recursive() && BlobPages.hasChildren(service, container, target);
    String where = container + (target.isEmpty() ? "" : "/" + target);
    return directory
        ? new AzcpException(Errno.EISDIR, where + " is a directory; add -r to remove what it holds")
        : new AzcpException(Errno.ENOENT, "there is no blob at " + where + ": nothing removed");
  }

  private void consider(Schedule schedule, String name) throws IOException {
    checkGoing();
    matched = true;
    stats.plannedFiles.increment();
    if (options.dryRun()) {
      planned(name);
      return;
    }
    schedule.small(
        () ->
            attempt(
                name,
                () -> {
                  service.delete(container, name, Conditions.NONE);
                  stats.files.increment();
                }));
  }
}
