package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.BlobService;
import io.azcp.transfer.blob.ListQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Downloads a blob, or the blobs below a prefix, each to the destination followed by its name
 * relative to the prefix. A prefix is a directory: {@code p} does not take {@code pp/x}.
 */
public final class DownloadJob extends Job {
  private final String container;
  private final String source;
  private final Path destination;
  private final boolean into;
  private final UnholdableNames unholdable = new UnholdableNames();
  private boolean matched;

  /**
   * A download.
   *
   * @param source a blob's name, or a directory's, with or without a slash at its end; empty for
   *     the whole container
   * @param destination a file, or a directory when {@code into}, when it is one already, or when
   *     the source is a directory
   * @param into whether the destination was given as a directory
   */
  public DownloadJob(
      BlobService service,
      TransferOptions options,
      TransferEvents events,
      String container,
      String source,
      Path destination,
      boolean into) {
    super(service, options, events);
    this.container = container;
    this.source = source;
    this.destination = destination;
    this.into = into;
  }

  @Override
  Outcome plan(Schedule schedule, Workers team) throws IOException {
    if (options.names() != null) {
      named(schedule, team);
      return Outcome.MANY;
    }
    if (options.prefix()) {
      everything(schedule, team, source, source.substring(0, source.lastIndexOf('/') + 1));
      if (!matched) {
        throw absent();
      }
      return Outcome.MANY;
    }
    boolean directory = source.isEmpty() || source.endsWith("/");
    if (directory && !options.recursive()) {
      throw isDirectory();
    }
    if (options.recursive()) {
      String prefix = BlobPages.directoryPrefix(source);
      everything(schedule, team, prefix, prefix);
      if (matched) {
        return Outcome.MANY;
      }
      if (directory) {
        throw absent();
      }
    }
    return single(schedule, team);
  }

  private Outcome single(Schedule schedule, Workers team) throws IOException {
    BlobProperties blob = BlobPages.headOrNull(service, container, source);
    if (blob == null || blob.isFolder()) {
      boolean directory =
          blob != null
              || (!options.recursive() && BlobPages.hasChildren(service, container, source));
      throw directory ? isDirectory() : absent();
    }
    String last = BlobPages.lastPart(source);
    boolean below = !options.discard() && (into || Files.isDirectory(destination));
    if (below && !LocalPaths.holds(last)) {
      throw new AzcpException(
          Errno.EINVAL, "no path can hold the name " + source + "; name the destination file");
    }
    Path target = below ? LocalPaths.resolve(destination, last) : destination;
    String prefix = source.substring(0, source.length() - last.length());
    Mover mover = DownloadMover.to(this, team, container, prefix, target);
    if (accepts(last, blob.lastModified())) {
      mover.move(schedule, SourceFile.of(last, blob));
    }
    return new Outcome(last);
  }

  private AzcpException isDirectory() {
    return new AzcpException(
        Errno.EISDIR, container + "/" + source + " is a directory; add -r to copy what it holds");
  }

  private AzcpException absent() {
    String where = source.isEmpty() ? "container " + container : container + "/" + source;
    return new AzcpException(Errno.ENOENT, "there is no blob at " + where + ": nothing copied");
  }

  /** All names that start so, each relative to the directory {@code base} in it. */
  private void everything(Schedule schedule, Workers team, String prefix, String base)
      throws IOException {
    var query = new ListQuery(prefix, false, "", ListQuery.MAX_PAGE, options.preservePosix());
    Mover all = DownloadMover.below(this, team, container, base, destination);
    try (ShardedMover mover = ShardedMover.of(options, all)) {
      BlobPages.each(
          service,
          container,
          query,
          (name, blob) -> {
            matched = true;
            found(schedule, mover, SourceFile.of(name.substring(base.length()), blob), name);
          });
      mover.finish(schedule);
    } finally {
      unholdable.report(this::warn);
    }
  }

  private void named(Schedule schedule, Workers team) throws IOException {
    String prefix = BlobPages.directoryPrefix(source);
    Mover all = DownloadMover.below(this, team, container, prefix, destination);
    try (ShardedMover mover = ShardedMover.of(options, all)) {
      named(schedule, team, prefix, mover);
      mover.finish(schedule);
    } finally {
      unholdable.report(this::warn);
    }
  }

  private void named(Schedule schedule, Workers team, String prefix, Mover mover)
      throws IOException {
    var answers =
        new NamedBlobs.Visitor() {
          @Override
          public void blob(String name, BlobProperties blob) throws IOException {
            found(schedule, mover, SourceFile.of(name, blob), prefix + name);
          }

          @Override
          public void failed(String name, IOException why) throws IOException {
            checkGoing();
            fail(prefix + name, why);
            checkGoing();
          }
        };
    var unknown = new NamedBlobs(service, container, prefix, team, options.concurrency(), answers);
    options
        .names()
        .each(
            (name, length, lastModified) -> {
              if (length < 0) {
                unknown.ask(name);
              } else {
                // Such a list may come from a listing, which tells whole names.
                String below = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
                SourceFile file = SourceFile.named(below, length, lastModified);
                found(schedule, mover, file, prefix + below);
              }
            });
    unknown.end();
  }

  private void found(Schedule schedule, Mover mover, SourceFile file, String name)
      throws IOException {
    checkGoing();
    boolean marker = file.kind() == SourceFile.Kind.DIRECTORY;
    if (!accepts(file.name(), file.lastModified())) {
      return;
    }
    boolean holdable = (marker && file.name().isEmpty()) || LocalPaths.holds(file.name());
    if (!holdable || (marker && file.length() > 0)) {
      skip(name, file.length());
      unholdable.add(name);
      return;
    }
    mover.move(schedule, file);
  }
}
