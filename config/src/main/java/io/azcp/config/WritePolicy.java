package io.azcp.config;

/**
 * How a rule's mount treats what is written through it, beyond when close and fsync return.
 *
 * @param onConflict who keeps the name when somebody else wrote the blob meanwhile
 * @param exclusiveRemote whether O_EXCL takes the name in the service before it is granted
 */
public record WritePolicy(OnConflict onConflict, boolean exclusiveRemote) {
  /** What holds where a rule says nothing. */
  public static final WritePolicy DEFAULT = new WritePolicy(OnConflict.OVERWRITE, false);
}
