package io.azcp.config;

/**
 * How a rule's mount treats what is written through it, beyond when close and fsync return.
 *
 * @param onConflict who keeps the name when somebody else wrote the blob meanwhile
 * @param exclusiveRemote whether O_EXCL takes the name in the service before it is granted
 * @param durableClose whether close waits until the file is on stable storage
 */
public record WritePolicy(OnConflict onConflict, boolean exclusiveRemote, boolean durableClose) {
  /** What holds where a rule says nothing. */
  public static final WritePolicy DEFAULT = new WritePolicy(OnConflict.OVERWRITE, false, false);

  /** The same with another answer to conflicts. */
  public WritePolicy withOnConflict(OnConflict mode) {
    return new WritePolicy(mode, exclusiveRemote, durableClose);
  }

  /** The same where O_EXCL asks the service or not. */
  public WritePolicy withExclusiveRemote(boolean asked) {
    return new WritePolicy(onConflict, asked, durableClose);
  }

  /** The same where close waits for stable storage or not. */
  public WritePolicy withDurableClose(boolean waits) {
    return new WritePolicy(onConflict, exclusiveRemote, waits);
  }
}
