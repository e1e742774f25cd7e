package io.azcp.transfer.blob;

import java.util.Map;

/**
 * What a copy within an account is given.
 *
 * @param metadata the copy's metadata, or null for the source's
 * @param tier x-ms-access-tier, or empty for the account's default
 * @param tags the copy's tags; a source's are not copied by themselves
 * @param conditions when the service must refuse
 * @param brief whether the answer need not tell more than the ETag, the time and what was sent: a
 *     copy that is complete at once then takes no second request, and its length is told as −1
 */
public record CopyOptions(
    Map<String, String> metadata,
    String tier,
    Map<String, String> tags,
    Conditions conditions,
    boolean brief) {
  /** Makes the maps immutable. */
  public CopyOptions {
    metadata = metadata == null ? null : Map.copyOf(metadata);
    tags = Map.copyOf(tags);
  }

  /** Answered with all there is to tell of the copy. */
  public CopyOptions(
      Map<String, String> metadata, String tier, Map<String, String> tags, Conditions conditions) {
    this(metadata, tier, tags, conditions, false);
  }
}
