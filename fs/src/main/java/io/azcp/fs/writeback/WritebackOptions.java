package io.azcp.fs.writeback;

import io.azcp.config.WritePolicy;
import java.time.Duration;

/**
 * How a rule's changes go to the service.
 *
 * @param container the container
 * @param prefix what every blob name of the rule starts with: empty, or a prefix and a slash
 * @param closeRemote whether close waits for the commit
 * @param fsyncRemote whether fsync waits for the commit
 * @param quiet quiet time after the last close before an upload starts
 * @param coordinators operations on different names under way at most
 * @param firstRetry wait after the first failure, doubled after each further one
 * @param lastRetry the longest wait between attempts, also after refusals
 * @param durableWithin how soon acknowledged files are put on stable storage
 * @param syncDeadline how long a remote fsync may take before it fails with {@code EIO}
 * @param policy how what is written is treated otherwise
 */
public record WritebackOptions(
    String container,
    String prefix,
    boolean closeRemote,
    boolean fsyncRemote,
    Duration quiet,
    int coordinators,
    Duration firstRetry,
    Duration lastRetry,
    Duration durableWithin,
    Duration syncDeadline,
    WritePolicy policy) {

  /** A rename is two requests and no data: eight took 2.5 s and more for 1,000 files at 10 ms. */
  private static final int COORDINATORS = 16;

  /** The same with another treatment of what is written. */
  WritebackOptions with(WritePolicy other) {
    return new WritebackOptions(
        container,
        prefix,
        closeRemote,
        fsyncRemote,
        quiet,
        coordinators,
        firstRetry,
        lastRetry,
        durableWithin,
        syncDeadline,
        other);
  }

  /** Those of a rule. */
  public static WritebackOptions of(io.azcp.config.MappingRule rule) {
    return new WritebackOptions(
        rule.account().containerName(),
        rule.blobPrefix(),
        rule.closeRemote(),
        rule.fsyncRemote(),
        rule.uploadDelay(),
        COORDINATORS,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        rule.writing());
  }
}
