package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;

/**
 * Removes a blob, or with {@link TransferOptions#recursive()} the blobs below a prefix and the
 * marker of the directory it is. A prefix is a directory: {@code p} does not take {@code pp/x},
 * unless {@link TransferOptions#prefix()} is set. Nothing grows with the number of blobs.
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
    var removal = new Removals(this, schedule, container);
    if (options.prefix()) {
      everything(removal, target, target.substring(0, target.lastIndexOf('/') + 1));
      removal.finish();
      return matched ? Outcome.MANY : nothing();
    }
    boolean directory = target.isEmpty() || target.endsWith("/");
    String name = directory && !target.isEmpty() ? chop(target) : target;
    BlobProperties blob = name.isEmpty() ? null : BlobPages.headOrNull(service, container, name);
    if (options.recursive()) {
      boolean marker = blob != null && blob.isFolder() && accepts(BlobPages.lastPart(name), blob);
      if (marker) {
        removal.remove(name, blob);
      }
      String below = BlobPages.directoryPrefix(target);
      everything(removal, below, below);
      removal.finish();
      if (matched) {
        return Outcome.MANY;
      }
      if (marker) {
        return new Outcome(name);
      }
    }
    boolean mine = blob != null && (!directory || blob.isFolder());
    boolean full =
        mine
            && !options.recursive()
            && blob.isFolder()
            && BlobPages.hasChildren(service, container, name);
    if (!mine || full) {
      return nothing();
    }
    if (accepts(BlobPages.lastPart(name), blob)) {
      removal.remove(name, blob);
      removal.finish();
    }
    return new Outcome(name);
  }

  /** The blobs whose names start so; the filter sees what follows the base. */
  private void everything(Removals removal, String prefix, String base) throws IOException {
    BlobPages.each(
        service,
        container,
        ListQuery.flat(prefix),
        (name, blob) -> {
          checkGoing();
          matched = true;
          if (accepts(name.substring(base.length()), blob)) {
            removal.remove(name, blob);
          } else {
            removal.keep(name);
          }
        });
  }

  private boolean accepts(String relative, BlobProperties blob) {
    return options.filter().accepts(relative, blob.lastModified());
  }

  private static String chop(String text) {
    return text.substring(0, text.length() - 1);
  }

  private Outcome nothing() throws IOException {
    boolean directory = !options.recursive() && BlobPages.hasChildren(service, container, target);
    String where = container + (target.isEmpty() ? "" : "/" + target);
    throw directory
        ? new AzcpException(Errno.EISDIR, where + " is a directory; add -r to remove what it holds")
        : new AzcpException(Errno.ENOENT, "there is no blob at " + where + ": nothing removed");
  }
}
