package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ServiceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;

/** Downloads the blobs it is given. */
final class DownloadMover implements Mover {
  /** Ranges of one file queued or under way at most, for each connection. */
  private static final int LOOK_AHEAD = 2;

  private final Job job;
  private final Workers workers;
  private final String container;
  private final String prefix;
  private final Function<String, Path> placing;
  private final Landing landing;
  private final Replacement replacement;

  private DownloadMover(
      Job job,
      Workers workers,
      String container,
      String prefix,
      Path root,
      Function<String, Path> placing) {
    this.job = job;
    this.workers = workers;
    this.container = container;
    this.prefix = prefix;
    this.placing = placing;
    this.landing = new Landing(job, root);
    this.replacement = new Replacement(job);
    job.comesDown(landing);
  }

  /**
   * A mover of blobs below a prefix to below a directory.
   *
   * @param prefix what goes before a file's name to make the blob's
   */
  static DownloadMover below(
      Job job, Workers workers, String container, String prefix, Path directory) {
    return new DownloadMover(
        job,
        workers,
        container,
        prefix,
        directory,
        name -> name.isEmpty() ? directory : LocalPaths.resolve(directory, name));
  }

  /** A mover of one blob to one path. */
  static DownloadMover to(Job job, Workers workers, String container, String prefix, Path target) {
    Path root = target.toAbsolutePath().getParent();
    return new DownloadMover(job, workers, container, prefix, root, name -> target);
  }

  @Override
  public void move(Schedule schedule, SourceFile found) throws IOException {
    job.checkGoing();
    Path target = placing.apply(found.name());
    if (found.kind() == SourceFile.Kind.DIRECTORY) {
      directory(found, target);
      return;
    }
    BlobProperties blob = found.blob();
    String name = prefix + found.name();
    Replacement.Existing existing = replacement.ofFile(name, blob, target);
    if (existing == Replacement.Existing.STAYS) {
      job.skip(name, blob.length());
      return;
    }
    if (job.options.dryRun()) {
      job.planned(name);
      return;
    }
    job.stats.plannedFiles.increment();
    job.stats.plannedBytes.add(blob.length());
    boolean replace = existing == Replacement.Existing.REPLACED;
    var file = new FileDownload(job, landing, container, name, blob, target, replace);
    if (landing.whole(blob.length())) {
      schedule.small(
          blob.length(), () -> job.attempt(name, () -> ended(name, blob, file, file.whole())));
    } else {
      int lookAhead = LOOK_AHEAD * job.options.concurrency();
      schedule.large(
          blob.length(),
          () -> job.attempt(name, () -> ended(name, blob, file, file.ranged(workers, lookAhead))));
    }
  }

  private void directory(SourceFile found, Path target) {
    if (job.options.dryRun() || job.options.discard()) {
      return;
    }
    job.attempt(
        prefix + found.name(),
        () -> {
          try {
            landing.makeDirectory(target, found.blob());
          } catch (IOException e) {
            throw LocalFailure.of("cannot make the directory", target, e);
          }
          job.stats.directories.increment();
        });
  }

  private void ended(String name, BlobProperties planned, FileDownload file, FileDownload.End end)
      throws IOException {
    long bytes = file.version().length();
    job.stats.plannedBytes.add(bytes - planned.length());
    switch (end) {
      case MOVED -> {
        removeSource(name, file.version());
        job.done(name, bytes, bytes - file.wereThere());
      }
      case DIRECTORY -> {
        job.stats.plannedFiles.decrement();
        job.stats.directories.increment();
      }
      case KEPT -> job.skip(name, bytes);
      case LINK_LEFT_OUT -> {
        job.warn("skipped " + name + ": it is a symbolic link; add --preserve-symlinks");
        job.skip(name, bytes);
      }
    }
  }

  private void removeSource(String name, BlobProperties moved) throws IOException {
    if (!job.options.deleteSource()) {
      return;
    }
    try {
      job.service.delete(container, name, Conditions.match(moved.etag()));
    } catch (ServiceException e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
      throw new AzcpException(
          Errno.ESTALE, name + " was changed after it was copied, and is kept; move it again", e);
    }
  }
}
