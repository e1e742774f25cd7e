package io.azcp.fs.mount;

import io.azcp.config.Environment;
import io.azcp.config.Mapping;
import java.time.Duration;
import java.util.Optional;

/**
 * What is to be mounted, and how.
 *
 * @param mapping the rules
 * @param environment what relative paths and the runtime folder are resolved by
 * @param directory where all rules appear below; empty to mount each at its own {@code local}
 * @param binding how the kernel is spoken to
 * @param readOnly whether nothing may be changed
 * @param allowOther whether other users may enter
 * @param uid owner of everything, or null for the mounting user
 * @param gid group of everything, or null for the mounting user's
 * @param umask permission bits withheld, or null for 022 (077 without allowOther)
 * @param stopTimeout how long a signal waits for uploads
 */
public record MountRequest(
    Mapping mapping,
    Environment environment,
    Optional<String> directory,
    BindingKind binding,
    boolean readOnly,
    boolean allowOther,
    Integer uid,
    Integer gid,
    Integer umask,
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

  /** The rules below a directory, everything else as it is by default. */
  public static MountRequest of(
      Mapping mapping, Environment environment, Optional<String> directory) {
    return new MountRequest(
        mapping,
        environment,
        directory,
        BindingKind.KERNEL,
        false,
        false,
        null,
        null,
        null,
        STOP_TIMEOUT);
  }
}
