package io.azcp.config;

import java.time.Duration;

/**
 * One rule: what lies at a local path is a blob prefix, cached in a folder.
 *
 * @param local the logical prefix as written, without trailing slashes; relative, absolute, with
 *     {@code ~}, or {@code .}
 * @param remote blob prefix without leading and trailing slashes; empty for the whole container
 * @param cache the cache folder, absolute, links not resolved
 * @param account where the blobs are
 * @param closeRemote whether close waits for the commit
 * @param fsyncRemote whether fsync waits for the commit
 * @param readOnly whether writes are refused
 * @param specialFiles whether FIFOs, sockets and device nodes can be made and are believed
 * @param uploadDelay quiet time after the last close before an upload starts
 * @param attrTtl how long attributes and listings are believed
 * @param consistency when it is asked whether a blob is still the known version
 * @param writing how what is written is treated otherwise
 * @param cacheLimitBytes size limit of the cache folder; {@link Long#MAX_VALUE} for none
 * @param origin file and line of the rule, for messages
 */
public record MappingRule(
    String local,
    String remote,
    String cache,
    StorageAccount account,
    boolean closeRemote,
    boolean fsyncRemote,
    boolean readOnly,
    boolean specialFiles,
    Duration uploadDelay,
    Duration attrTtl,
    Consistency consistency,
    WritePolicy writing,
    long cacheLimitBytes,
    String origin) {

  /** The blob name of a path relative to the rule. */
  public String blobName(String relative) {
    if (remote.isEmpty()) {
      return relative;
    }
    return relative.isEmpty() ? remote : remote + "/" + relative;
  }

  /** What every blob name of the rule starts with: empty, or the prefix and a slash. */
  public String blobPrefix() {
    return remote.isEmpty() ? "" : remote + "/";
  }

  /** The same rule with another size limit of the cache folder, in bytes. */
  public MappingRule withCacheLimit(long bytes) {
    return with(readOnly, attrTtl, consistency, bytes);
  }

  /** The same rule, refusing writes or not. */
  public MappingRule withReadOnly(boolean refused) {
    return with(refused, attrTtl, consistency, cacheLimitBytes);
  }

  /** The same rule with another age of what is believed, and another time to ask. */
  public MappingRule withConsistency(Consistency asked, Duration ttl) {
    return with(readOnly, ttl, asked, cacheLimitBytes);
  }

  private MappingRule with(boolean refused, Duration ttl, Consistency asked, long limitBytes) {
    return new MappingRule(
        local,
        remote,
        cache,
        account,
        closeRemote,
        fsyncRemote,
        refused,
        specialFiles,
        uploadDelay,
        ttl,
        asked,
        writing,
        limitBytes,
        origin);
  }
}
