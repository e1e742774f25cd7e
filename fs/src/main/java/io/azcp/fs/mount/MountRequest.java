package io.azcp.fs.mount;

import io.azcp.config.Consistency;
import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import io.azcp.config.MappingRule;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be mounted, and how.
 *
 * @param mapping the rules
 * @param environment what relative paths and the runtime folder are resolved by
 * @param directory where all rules appear below; empty to mount each at its own {@code local}
 * @param binding how the kernel is spoken to
 * @param passthrough whether the kernel may read and write cached files itself, where it can
 * @param readOnly whether nothing may be changed
 * @param allowOther whether other users may enter
 * @param uid owner of everything, or null for the mounting user
 * @param gid group of everything, or null for the mounting user's
 * @param umask permission bits withheld, or null for 022 (077 without allowOther)
 * @param attrTtl how long attributes and listings are believed, in place of what the rules say
 * @param consistency when the service is asked again, in place of what the rules say
 * @param stopTimeout how long a signal waits for uploads
 */
public record MountRequest(
    Mapping mapping,
    Environment environment,
    Optional<String> directory,
    BindingKind binding,
    boolean passthrough,
    boolean readOnly,
    boolean allowOther,
    Integer uid,
    Integer gid,
    Integer umask,
    Optional<Duration> attrTtl,
    Optional<Consistency> consistency,
    Duration stopTimeout) {
  /** How long a signal waits for uploads unless said otherwise. */
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  /** How the kernel is spoken to. */
  public enum BindingKind {
    /** The FUSE protocol itself, with passthrough. */
    KERNEL,
    /** libfuse 2 through jnr-fuse. */
    JNR
  }

  /** A rule as it is to be mounted. */
  MappingRule adapted(MappingRule rule) {
    return rule.withReadOnly(readOnly || rule.readOnly())
        .withConsistency(consistency.orElse(rule.consistency()), attrTtl.orElse(rule.attrTtl()));
  }

  /** The rules below a directory, everything else as it is by default. */
  public static MountRequest of(
      Mapping mapping, Environment environment, Optional<String> directory) {
    return new MountRequest(
        mapping,
        environment,
        directory,
        BindingKind.KERNEL,
        true,
        false,
        false,
        null,
        null,
        null,
        Optional.empty(),
        Optional.empty(),
        STOP_TIMEOUT);
  }
}
