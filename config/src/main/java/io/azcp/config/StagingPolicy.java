package io.azcp.config;

/**
 * Where new content waits for its upload.
 *
 * @param memory whether in memory ({@code /dev/shm}), where the loss of the machine loses it
 * @param bytes how much in memory at most; {@link Long#MAX_VALUE} for what the machine bears
 * @param keep whether what was uploaded from memory is kept in the cache
 */
public record StagingPolicy(boolean memory, long bytes, boolean keep) {
  /** On the disk of the cache. */
  public static final StagingPolicy DISK = new StagingPolicy(false, Long.MAX_VALUE, false);
}
