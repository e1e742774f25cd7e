package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.DownloadJob;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.ServerCopyJob;
import io.azcp.transfer.engine.TransferEvents;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.UploadJob;
import java.nio.file.Path;

/**
 * From where to where a transfer goes.
 *
 * @param direction which way
 * @param account whose service it goes by
 * @param maker makes its job
 */
record Route(Direction direction, BlobUrl account, Maker maker) {
  /** Makes the job of a route. */
  @FunctionalInterface
  interface Maker {
    Job make(OpenedService opened, TransferOptions options, TransferEvents events);
  }

  /**
   * The route between two places.
   *
   * @throws AzcpException where nothing can be moved between such a pair
   */
  static Route of(Location from, Location to) throws AzcpException {
    if (from instanceof Location.Local local && to instanceof Location.Remote remote) {
      return upload(local.path(), inContainer(remote.url()));
    }
    if (from instanceof Location.Remote remote && to instanceof Location.Local local) {
      return download(inContainer(remote.url()), local.path(), local.directory());
    }
    if (from instanceof Location.Remote a && to instanceof Location.Remote b) {
      return within(inContainer(a.url()), inContainer(b.url()));
    }
    throw unsupported("give a path and a URL, or two URLs");
  }

  private static AzcpException unsupported(String advice) {
    return new AzcpException(Errno.EINVAL, "nothing can be moved between these two: " + advice);
  }

  private static Route upload(Path source, BlobUrl to) {
    return new Route(
        Direction.UPLOAD,
        to,
        (opened, options, events) ->
            new UploadJob(opened.service(), options, events, source, to.container(), to.name()));
  }

  private static Route download(BlobUrl from, Path target, boolean into) {
    return new Route(
        Direction.DOWNLOAD,
        from,
        (opened, options, events) ->
            new DownloadJob(
                opened.service(), options, events, from.container(), from.name(), target, into));
  }

  private static Route within(BlobUrl from, BlobUrl to) throws AzcpException {
    boolean sameAccount = from.at("", "").withSas("").equals(to.at("", "").withSas(""));
    if (!sameAccount) {
      throw unsupported("the two URLs must be of one account");
    }
    return new Route(
        Direction.COPY,
        to,
        (opened, options, events) ->
            new ServerCopyJob(
                opened.service(),
                options,
                events,
                new ServerCopyJob.Place(from.container(), from.name()),
                new ServerCopyJob.Place(to.container(), to.name())));
  }

  private static BlobUrl inContainer(BlobUrl url) throws UsageException {
    if (url.container().isEmpty()) {
      throw new UsageException("'" + url + "' names no container");
    }
    return url;
  }
}
