package io.azcp.transfer.engine;

import io.azcp.transfer.blob.BlobProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

  /**
   * A mover for one job.
   *
   * @param prefix what goes before a file's name to make the blob's
   * @param placing where a file of a name goes
   */
  DownloadMover(
      Job job, Workers workers, String container, String prefix, Function<String, Path> placing) {
    this.job = job;
    this.workers = workers;
    this.container = container;
    this.prefix = prefix;
    this.placing = placing;
  }

  /** A mover of everything below a prefix to below a directory. */
  static DownloadMover below(
      Job job, Workers workers, String container, String prefix, Path directory) {
    return new DownloadMover(
        job, workers, container, prefix, name -> LocalPaths.resolve(directory, name));
  }

  @Override
  public void move(Schedule schedule, SourceFile found) throws IOException {
    job.checkGoing();
    BlobProperties blob = found.blob();
    String name = prefix + found.name();
    Path target = placing.apply(found.name());
    if (job.options.overwrite() == Overwrite.FALSE && isThere(blob, target)) {
      job.skip(name, blob.length());
      return;
    }
    if (job.options.dryRun()) {
      job.planned(name);
      return;
    }
    job.stats.plannedFiles.increment();
    job.stats.plannedBytes.add(blob.length());
    var file = new FileDownload(job, container, name, blob, target);
    if (blob.length() <= job.options.blockSize()) {
      schedule.small(() -> job.attempt(name, () -> count(file.whole(), name, blob)));
    } else {
      var plan = new BlockPlan(blob.length(), job.options.blockSize());
      int lookAhead = LOOK_AHEAD * job.options.concurrency();
      schedule.large(
          () ->
              job.attempt(
                  name,
                  () -> {
                    file.ranged(workers, plan, lookAhead);
                    job.done(name, blob.length());
                  }));
    }
  }

  /** An empty blob may be the marker of the directory that is there. */
  private static boolean isThere(BlobProperties blob, Path target) {
    boolean markerPerhaps = blob.length() == 0 && Files.isDirectory(target);
    return !markerPerhaps && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
  }

  private void count(boolean file, String name, BlobProperties blob) {
    if (file) {
      job.done(name, blob.length());
    } else {
      job.stats.plannedFiles.decrement();
    }
  }
}
