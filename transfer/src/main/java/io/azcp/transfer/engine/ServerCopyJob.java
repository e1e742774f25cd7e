package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ListQuery;
import io.azcp.transfer.blob.NameEncoding;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;

/**
 * Copies a blob, or the blobs below a prefix, within one account: the service does it, no bytes
 * come through this machine. Each copy is of the version listed, with its metadata.
 */
public final class ServerCopyJob extends Job {
  /**
   * A place in the account.
   *
   * @param container container name
   * @param name blob name or prefix
   */
  public record Place(String container, String name) {}

  private final Place source;
  private final Place destination;
  private boolean matched;

  /** A copy; a destination that is empty or ends in a slash is a directory. */
  public ServerCopyJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      Place source,
      Place destination) {
    super(service, options, events);
    this.source = source;
    this.destination = destination;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    boolean directory = source.name().isEmpty() || source.name().endsWith("/");
    if (options.recursive()) {
      everythingBelow(schedule);
      if (matched) {
        return Outcome.MANY;
      }
    }
    BlobProperties blob =
        directory ? null : BlobPages.headOrNull(service, source.container(), source.name());
    if (blob == null) {
      String advice = options.recursive() ? "" : "; add -r if it is a directory";
      throw new AzcpException(
          Errno.ENOENT, "there is no blob at " + source.container() + "/" + source.name() + advice);
    }
    String last = BlobPages.lastPart(source.name());
    boolean into = destination.name().isEmpty() || destination.name().endsWith("/");
    consider(schedule, source.name(), blob, into ? destination.name() + last : destination.name());
    return new Outcome(last);
  }

  private void everythingBelow(Schedule schedule) throws IOException {
    String from = BlobPages.directoryPrefix(source.name());
    String to = BlobPages.directoryPrefix(destination.name());
    boolean intoItself = source.container().equals(destination.container()) && to.startsWith(from);
    if (intoItself) {
      throw new AzcpException(
          Errno.EINVAL, "cannot copy " + source.name() + " into itself, " + destination.name());
    }
    BlobPages.each(
        service,
        source.container(),
        ListQuery.flat(from),
        (name, blob) -> {
          matched = true;
          consider(schedule, name, blob, to + name.substring(from.length()));
        });
  }

  private void consider(Schedule schedule, String name, BlobProperties blob, String target)
      throws IOException {
    checkGoing();
    stats.plannedFiles.increment();
    stats.plannedBytes.add(blob.length());
    schedule.small(() -> attempt(name, () -> copy(name, blob, target)));
  }

  private void copy(String name, BlobProperties blob, String target) throws IOException {
    NameEncoding.check(target);
    boolean skip =
        options.dryRun()
            && options.overwrite() == Overwrite.FALSE
            && BlobPages.headOrNull(service, destination.container(), target) != null;
    if (skip) {
      stats.skipped.increment();
      return;
    }
    if (options.dryRun()) {
      planned(name);
      return;
    }
    Conditions conditions =
        options.overwrite() != Overwrite.FALSE ? Conditions.NONE : Conditions.ABSENT;
    try {
      service.copy(
          source.container(), name, blob.etag(), destination.container(), target, null, conditions);
    } catch (ServiceException e) {
      if (options.overwrite() != Overwrite.FALSE || e.errno() != Errno.EEXIST) {
        throw e;
      }
      stats.skipped.increment();
      return;
    }
    stats.files.increment();
    stats.bytes.add(blob.length());
    stats.moved.add(blob.length());
  }
}
