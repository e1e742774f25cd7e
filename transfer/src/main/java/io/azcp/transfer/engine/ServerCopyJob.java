package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;

/**
 * Copies a blob, or the blobs below a prefix, within an account or to another: the service does it,
 * and where it can no bytes come through this machine. Each copy is of the version listed.
 */
public final class ServerCopyJob extends Job {
  /**
   * A place in an account.
   *
   * @param container container name
   * @param name blob name or prefix
   */
  public record Place(String container, String name) {}

  private final BlobService sourceService;
  private final Place source;
  private final Place destination;
  private boolean matched;

  /** A copy within one account; a destination that is empty or ends in a slash is a directory. */
  public ServerCopyJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      Place source,
      Place destination) {
    this(service, source, service, destination, options, events);
  }

  /**
   * A copy from one account to another, each with its own credential.
   *
   * @param to where the copies are made; the same object as {@code from} where one credential is
   *     for both, which lets the service copy at once
   */
  public ServerCopyJob(
      BlobService from,
      Place source,
      BlobService to,
      Place destination,
      TransferOptions options,
      TransferEvents events) {
    super(to, options, events);
    this.sourceService = from;
    this.source = source;
    this.destination = destination;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    if (options.prefix()) {
      int base = source.name().lastIndexOf('/') + 1;
      String to = BlobPages.directoryPrefix(destination.name());
      everything(schedule, team, source.name(), source.name().substring(0, base), to);
      return matched ? Outcome.MANY : absent();
    }
    if (options.recursive()) {
      String from = BlobPages.directoryPrefix(source.name());
      String to = BlobPages.directoryPrefix(destination.name());
      checkNotIntoItself(from, to);
      everything(schedule, team, from, from, to);
      if (matched) {
        return Outcome.MANY;
      }
    }
    return single(schedule, team);
  }

  private void checkNotIntoItself(String from, String to) throws AzcpException {
    boolean sameAccount = sourceService.account().equals(service.account());
    if (sameAccount && source.container().equals(destination.container()) && to.startsWith(from)) {
      throw new AzcpException(
          Errno.EINVAL, "cannot copy " + source.name() + " into itself, " + destination.name());
    }
  }

  private void everything(
      Schedule schedule, Workers team, String prefix, String base, String target)
      throws IOException {
    CopyMover mover =
        new CopyMover(
            this,
            schedule,
            team,
            sourceService,
            source.container(),
            base,
            destination.container(),
            target::concat);
    try (ShardedMover sharded = ShardedMover.of(options, mover)) {
      BlobPages.each(
          sourceService,
          source.container(),
          ListQuery.flat(prefix),
          (name, blob) -> {
            checkGoing();
            matched = true;
            SourceFile file = SourceFile.of(name.substring(base.length()), blob);
            if (options.filter().accepts(file.name(), file.lastModified())) {
              sharded.move(schedule, file);
            }
          });
      sharded.finish(schedule);
    }
    mover.finish();
  }

  private Outcome single(Schedule schedule, Workers team) throws IOException {
    boolean directory = source.name().isEmpty() || source.name().endsWith("/");
    BlobProperties blob =
        directory ? null : BlobPages.headOrNull(sourceService, source.container(), source.name());
    if (blob == null) {
      return absent();
    }
    String last = BlobPages.lastPart(source.name());
    boolean into = destination.name().isEmpty() || destination.name().endsWith("/");
    String target = into ? destination.name() + last : destination.name();
    if (options.filter().accepts(last, blob.lastModified())) {
      String base = source.name().substring(0, source.name().length() - last.length());
      new CopyMover(
              this,
              schedule,
              team,
              sourceService,
              source.container(),
              base,
              destination.container(),
              name -> target)
          .move(schedule, SourceFile.of(last, blob));
    }
    return new Outcome(last);
  }

  private Outcome absent() throws AzcpException {
    String advice = options.recursive() ? "" : "; add -r if it is a directory";
    throw new AzcpException(
        Errno.ENOENT, "there is no blob at " + source.container() + "/" + source.name() + advice);
  }
}
