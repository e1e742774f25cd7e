package io.azcp.config;

import io.azcp.base.glob.Glob;
import java.time.Duration;
import java.util.Optional;

/**
 * How a rule's mount treats what is written through it, beyond when close and fsync return.
 *
 * @param onConflict who keeps the name when somebody else wrote the blob meanwhile
 * @param exclusiveRemote whether O_EXCL takes the name in the service before it is granted
 * @param durableClose whether close waits until the file is on stable storage
 * @param uploadEvery how often a file that is being appended to is uploaded; zero for never
 * @param earlyUpload names, relative to the rule, of files whose finished blocks are sent while
 *     they are written; empty for none
 * @param staging where new content waits for its upload
 * @param maxDirtyBytes how much may wait for its upload before opens for writing wait; {@link
 *     Long#MAX_VALUE} for any amount
 */
public record WritePolicy(
    OnConflict onConflict,
    boolean exclusiveRemote,
    boolean durableClose,
    Duration uploadEvery,
    Optional<Glob> earlyUpload,
    StagingPolicy staging,
    long maxDirtyBytes) {
  /** What holds where a rule says nothing. */
  public static final WritePolicy DEFAULT =
      new WritePolicy(
          OnConflict.OVERWRITE,
          false,
          false,
          Duration.ZERO,
          Optional.empty(),
          StagingPolicy.DISK,
          Long.MAX_VALUE);

  /** The same with another answer to conflicts. */
  public WritePolicy withOnConflict(OnConflict mode) {
    return new WritePolicy(
        mode, exclusiveRemote, durableClose, uploadEvery, earlyUpload, staging, maxDirtyBytes);
  }

  /** The same where O_EXCL asks the service or not. */
  public WritePolicy withExclusiveRemote(boolean asked) {
    return new WritePolicy(
        onConflict, asked, durableClose, uploadEvery, earlyUpload, staging, maxDirtyBytes);
  }

  /** The same where close waits for stable storage or not. */
  public WritePolicy withDurableClose(boolean waits) {
    return new WritePolicy(
        onConflict, exclusiveRemote, waits, uploadEvery, earlyUpload, staging, maxDirtyBytes);
  }

  /** The same with another time between uploads of a growing file. */
  public WritePolicy withUploadEvery(Duration every) {
    return new WritePolicy(
        onConflict, exclusiveRemote, durableClose, every, earlyUpload, staging, maxDirtyBytes);
  }

  /** The same where finished blocks of these files are sent while they are written. */
  public WritePolicy withEarlyUpload(Glob names) {
    return new WritePolicy(
        onConflict,
        exclusiveRemote,
        durableClose,
        uploadEvery,
        Optional.of(names),
        staging,
        maxDirtyBytes);
  }

  /** The same with another limit of what waits for its upload. */
  public WritePolicy withMaxDirty(long bytes) {
    return new WritePolicy(
        onConflict, exclusiveRemote, durableClose, uploadEvery, earlyUpload, staging, bytes);
  }

  /** The same with new content staged elsewhere. */
  public WritePolicy withStaging(StagingPolicy place) {
    return new WritePolicy(
        onConflict, exclusiveRemote, durableClose, uploadEvery, earlyUpload, place, maxDirtyBytes);
  }
}
