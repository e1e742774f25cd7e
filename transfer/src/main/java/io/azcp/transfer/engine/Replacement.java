package io.azcp.transfer.engine;

import io.azcp.base.Errno;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.Conditions;
import io.azcp.transfer.blob.ServiceException;
import io.azcp.transfer.engine.sync.CompareMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Decides what becomes of what is already at the destination ({@link Overwrite}), for all movers.
 * Thread-safe.
 */
final class Replacement {
  /** What becomes of a file on this machine. */
  enum Existing {
    /** There is none; one that appears meanwhile stays. */
    NONE,
    STAYS,
    REPLACED
  }

  private final Job job;

  Replacement(Job job) {
    this.job = job;
  }

  /**
   * When the service must refuse to write a blob; null where what is there stays.
   *
   * @param name what the user is asked about
   * @param changed when the source was, by this machine's clock, milliseconds since the epoch
   * @param cheap whether a request that is refused costs no more than the question whether the blob
   *     is there
   */
  Conditions ofBlob(String name, String container, String blob, long changed, boolean cheap)
      throws IOException {
    Overwrite overwrite = job.options.overwrite();
    if (overwrite == Overwrite.TRUE) {
      return Conditions.NONE;
    }
    boolean unasked = overwrite == Overwrite.FALSE && cheap && !job.options.dryRun();
    BlobProperties there = unasked ? null : BlobPages.headOrNull(job.service, container, blob);
    if (there == null) {
      return Conditions.ABSENT;
    }
    return replaces(name, changed, BlobTimes.here(there, job.options, job.service))
        ? Conditions.match(there.etag())
        : null;
  }

  /** Whether a blob was refused because another appeared that stays. */
  static boolean appeared(Conditions conditions, ServiceException refusal) {
    return conditions.equals(Conditions.ABSENT) && refusal.errno() == Errno.EEXIST;
  }

  /** What becomes of what is at the place of a blob that is to come down. */
  Existing ofFile(String name, BlobProperties blob, Path target) throws IOException {
    if (job.options.discard()) {
      return Existing.NONE;
    }
    if (job.options.overwrite() == Overwrite.TRUE) {
      return Existing.REPLACED;
    }
    BasicFileAttributes there = attributes(blob, target);
    if (there == null) {
      return Existing.NONE;
    }
    // By the service's clock, as the file has its time where an earlier download made it.
    long changed = BlobTimes.modified(blob, job.options);
    return replaces(name, changed, there.lastModifiedTime().toMillis())
        ? Existing.REPLACED
        : Existing.STAYS;
  }

  /**
   * What is at the target, null for nothing; an empty blob may mark the directory that is there.
   */
  private static BasicFileAttributes attributes(BlobProperties blob, Path target)
      throws IOException {
    try {
      var there =
          Files.readAttributes(target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      boolean markerPerhaps = blob.length() == 0 && there.isDirectory();
      return markerPerhaps ? null : there;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      // A part of its path is no directory, or closed to us: writing says so, and names the file.
      return null;
    }
  }

  private boolean replaces(String name, long source, long there) throws IOException {
    return switch (job.options.overwrite()) {
      case TRUE -> true;
      case FALSE -> false;
      case PROMPT -> job.options.dryRun() || job.mayReplace(name);
      case IF_SOURCE_NEWER -> CompareMethod.isNewer(source, there);
    };
  }
}
