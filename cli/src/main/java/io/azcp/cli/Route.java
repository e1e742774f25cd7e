package io.azcp.cli;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.UsageException;
import io.azcp.transfer.blob.BlobUrl;
import io.azcp.transfer.blob.OpenedService;
import io.azcp.transfer.engine.DownloadJob;
import io.azcp.transfer.engine.Job;
import io.azcp.transfer.engine.ServerCopyJob;
import io.azcp.transfer.engine.StreamDownload;
import io.azcp.transfer.engine.StreamUpload;
import io.azcp.transfer.engine.SyncJob;
import io.azcp.transfer.engine.SyncOptions;
import io.azcp.transfer.engine.TransferEvents;
import io.azcp.transfer.engine.TransferOptions;
import io.azcp.transfer.engine.UploadJob;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * From where to where a transfer goes.
 *
 * @param direction which way
 * @param end what stands at its other end
 * @param accounts whose services it goes by: one, or those of the source and the destination
 * @param maker makes its job
 */
record Route<J extends Job>(Direction direction, End end, List<BlobUrl> accounts, Maker<J> maker) {
  /** What is not a place in the service. */
  enum End {
    /** Files, or nothing but the service. */
    PLACES,
    /** Standard input or output. */
    STREAM,
    /** Nowhere: downloads are checked and thrown away. */
    NOWHERE
  }

  /** Makes the job of a route. */
  @FunctionalInterface
  interface Maker<J extends Job> {
    /** Makes it with the services in the order of the accounts. */
    J make(List<OpenedService> opened, TransferOptions options, TransferEvents events);
  }

  /**
   * The route between two places.
   *
   * @throws AzcpException where nothing can be moved between such a pair
   */
  static Route<? extends Job> of(Location from, Location to, Invocation invocation)
      throws AzcpException {
    if (to instanceof Location.Remote remote) {
      return into(inContainer(remote.url()), from, invocation);
    }
    if (from instanceof Location.Remote remote) {
      return outOf(inContainer(remote.url()), to, invocation);
    }
    throw new AzcpException(
        Errno.EINVAL, "one of the two must be a URL: nothing is copied from disk to disk");
  }

  private static Route<? extends Job> into(BlobUrl target, Location from, Invocation invocation)
      throws AzcpException {
    if (from instanceof Location.Local local) {
      return upload(local, invocation, target);
    }
    return from instanceof Location.Remote source
        ? copy(inContainer(source.url()), target)
        : upload(invocation, named(target));
  }

  private static Route<? extends Job> outOf(BlobUrl source, Location to, Invocation invocation)
      throws AzcpException {
    if (to instanceof Location.Local local) {
      return download(source, local.path(), local.directory(), End.PLACES);
    }
    return to instanceof Location.Nowhere
        ? download(source, Path.of("/dev/null"), false, End.NOWHERE)
        : download(named(source), invocation);
  }

  /** What is named with a slash at its end, or as the working directory, stays when it is moved. */
  private static Route<UploadJob> upload(Location.Local from, Invocation invocation, BlobUrl to) {
    Path source = from.path();
    boolean stays = from.directory() || source.normalize().equals(invocation.directory());
    return new Route<>(
        Direction.UPLOAD,
        End.PLACES,
        List.of(to),
        (opened, options, events) ->
            new UploadJob(
                opened.get(0).service(),
                options,
                events,
                source,
                to.container(),
                to.name(),
                stays));
  }

  private static Route<StreamUpload> upload(Invocation invocation, BlobUrl to) {
    return new Route<>(
        Direction.UPLOAD,
        End.STREAM,
        List.of(to),
        (opened, options, events) ->
            new StreamUpload(
                opened.get(0).service(),
                options,
                events,
                Channels.newChannel(invocation.in()),
                to.container(),
                to.name()));
  }

  private static Route<DownloadJob> download(BlobUrl from, Path target, boolean into, End end) {
    return new Route<>(
        Direction.DOWNLOAD,
        end,
        List.of(from),
        (opened, options, events) ->
            new DownloadJob(
                opened.get(0).service(),
                options,
                events,
                from.container(),
                from.name(),
                target,
                into));
  }

  private static Route<StreamDownload> download(BlobUrl from, Invocation invocation) {
    return new Route<>(
        Direction.DOWNLOAD,
        End.STREAM,
        List.of(from),
        (opened, options, events) ->
            new StreamDownload(
                opened.get(0).service(),
                options,
                events,
                from.container(),
                from.name(),
                new StandardOutput(invocation.out())));
  }

  private static Route<ServerCopyJob> copy(BlobUrl from, BlobUrl to) {
    return new Route<>(
        Direction.COPY,
        End.PLACES,
        accounts(from, to),
        (opened, options, events) ->
            new ServerCopyJob(
                opened.get(0).service(),
                place(from),
                opened.get(opened.size() - 1).service(),
                place(to),
                options,
                events));
  }

  /** The service copies at once where one account and credential are for both places. */
  private static List<BlobUrl> accounts(BlobUrl from, BlobUrl to) {
    return from.at("", "").equals(to.at("", "")) ? List.of(to) : List.of(from, to);
  }

  private static ServerCopyJob.Place place(BlobUrl url) {
    return new ServerCopyJob.Place(url.container(), url.name());
  }

  /**
   * The route of a sync between two places.
   *
   * @throws AzcpException where such a pair cannot be synced
   */
  static Route<SyncJob> sync(Location from, Location to, SyncOptions how) throws AzcpException {
    if (from instanceof Location.Local local && to instanceof Location.Remote remote) {
      BlobUrl url = inContainer(remote.url());
      return new Route<>(
          Direction.UPLOAD,
          End.PLACES,
          List.of(url),
          (opened, options, events) ->
              SyncJob.upload(
                  opened.get(0).service(),
                  options,
                  how,
                  events,
                  local.path(),
                  url.container(),
                  url.name()));
    }
    if (from instanceof Location.Remote remote && to instanceof Location.Local local) {
      BlobUrl url = inContainer(remote.url());
      return new Route<>(
          Direction.DOWNLOAD,
          End.PLACES,
          List.of(url),
          (opened, options, events) ->
              SyncJob.download(
                  opened.get(0).service(),
                  options,
                  how,
                  events,
                  url.container(),
                  url.name(),
                  local.path()));
    }
    if (from instanceof Location.Remote source && to instanceof Location.Remote target) {
      return sync(inContainer(source.url()), inContainer(target.url()), how);
    }
    throw new AzcpException(
        Errno.EINVAL, "nothing can be synced but a directory and a URL, or two URLs");
  }

  private static Route<SyncJob> sync(BlobUrl from, BlobUrl to, SyncOptions how) {
    return new Route<>(
        Direction.COPY,
        End.PLACES,
        accounts(from, to),
        (opened, options, events) ->
            SyncJob.copy(
                opened.get(0).service(),
                place(from),
                opened.get(opened.size() - 1).service(),
                place(to),
                options,
                how,
                events));
  }

  private static BlobUrl inContainer(BlobUrl url) throws UsageException {
    if (url.container().isEmpty()) {
      throw new UsageException("'" + url + "' names no container");
    }
    return url;
  }

  /** What goes to or comes from a stream is one blob. */
  private static BlobUrl named(BlobUrl url) throws UsageException {
    if (url.name().isEmpty() || url.name().endsWith("/")) {
      throw new UsageException("'" + url + "' names no blob, which - needs");
    }
    return url;
  }
}
