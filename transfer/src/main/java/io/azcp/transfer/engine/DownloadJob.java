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
  private Workers workers;
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
    workers = team;
    boolean directory = source.isEmpty() || source.endsWith("/");
    if (directory && !options.recursive()) {
      throw isDirectory();
    }
    if (options.recursive()) {
      everythingBelow(schedule);
      if (matched || directory) {
        return matched ? Outcome.MANY : nothingThere();
      }
    }
    return single(schedule);
  }

  private Outcome single(Schedule schedule) throws IOException {
    BlobProperties blob = BlobPages.headOrNull(service, container, source);
    if (blob == null || blob.isFolder()) {
      boolean directory =
          blob != null
              || (!options.recursive() && BlobPages.hasChildren(service, container, source));
      throw directory ? isDirectory() : absent();
    }
    String last = BlobPages.lastPart(source);
    boolean below = into || Files.isDirectory(destination);
    if (below && !LocalPaths.holds(last)) {
      throw new AzcpException(
          Errno.EINVAL, "no path can hold the name " + source + "; name the destination file");
    }
    Path target = below ? LocalPaths.resolve(destination, last) : destination;
    String prefix = source.substring(0, source.length() - last.length());
    new DownloadMover(this, workers, container, prefix, name -> target)
        .move(schedule, SourceFile.of(last, blob));
    return new Outcome(last);
  }

  private AzcpException isDirectory() {
    return new AzcpException(
        Errno.EISDIR, container + "/" + source + " is a directory; add -r to copy what it holds");
  }

  private Outcome nothingThere() throws AzcpException {
    throw absent();
  }

  private AzcpException absent() {
    String where = source.isEmpty() ? "container " + container : container + "/" + source;
    return new AzcpException(Errno.ENOENT, "there is no blob at " + where + ": nothing copied");
  }

  private void everythingBelow(Schedule schedule) throws IOException {
    String prefix = BlobPages.directoryPrefix(source);
    var unholdable = new UnholdableNames();
    Mover mover = DownloadMover.below(this, workers, container, prefix, destination);
    try {
      BlobPages.each(
          service,
          container,
          ListQuery.flat(prefix),
          (name, blob) -> {
            matched = true;
            String relative = name.substring(prefix.length());
            if (holdable(name, relative, blob, unholdable)) {
              below(schedule, mover, name, relative, blob);
            }
          });
    } finally {
      unholdable.report(this::warn);
    }
  }

  private boolean holdable(
      String name, String relative, BlobProperties blob, UnholdableNames unholdable) {
    boolean marker = isMarker(relative);
    String path = marker && !relative.isEmpty() ? chop(relative) : relative;
    boolean holdable = path.isEmpty() || LocalPaths.holds(path);
    if (!holdable || (marker && blob.length() > 0)) {
      skip(name, blob.length());
      unholdable.add(name);
      return false;
    }
    return true;
  }

  private void below(
      Schedule schedule, Mover mover, String name, String relative, BlobProperties blob)
      throws IOException {
    checkGoing();
    if (isMarker(relative)) {
      Path target =
          relative.isEmpty() ? destination : LocalPaths.resolve(destination, chop(relative));
      attempt(name, () -> makeDirectory(target));
    } else {
      mover.move(schedule, SourceFile.of(relative, blob));
    }
  }

  private static boolean isMarker(String relative) {
    return relative.isEmpty() || relative.endsWith("/");
  }

  private static String chop(String text) {
    return text.substring(0, text.length() - 1);
  }

  private void makeDirectory(Path target) throws IOException {
    if (options.dryRun()) {
      return;
    }
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      throw LocalFailure.of("cannot make the directory", target, e);
    }
    stats.directories.increment();
  }
}
