package io.azcp.fs.fuse;

import java.time.Duration;

/**
 * How a directory is mounted. {@code nosuid}, {@code nodev} and {@code default_permissions} are
 * always set.
 *
 * @param source what mount(8) and df(1) show as the source; no secret may be in it
 * @param mountPoint the directory's path
 * @param readOnly mounted {@code ro}
 * @param allowOther other users may enter; without root that needs {@code user_allow_other} in
 *     /etc/fuse.conf
 * @param passthrough the kernel may read and write cached files directly, where it can
 * @param requestDeadline a request not answered by then is answered with EIO
 */
public record MountOptions(
    String source,
    String mountPoint,
    boolean readOnly,
    boolean allowOther,
    boolean passthrough,
    Duration requestDeadline) {
  /** The file system subtype: mount(8) shows {@code fuse.azcp}. */
  public static final String SUBTYPE = "azcp";

  /** The deadline of a request unless said otherwise. */
  public static final Duration REQUEST_DEADLINE = Duration.ofSeconds(60);

  /** Read-write, for the mounting user only, with passthrough, 60 s. */
  public static MountOptions of(String source, String mountPoint) {
    return new MountOptions(source, mountPoint, false, false, true, REQUEST_DEADLINE);
  }

  /** The same, read-only or not. */
  public MountOptions withReadOnly(boolean value) {
    return new MountOptions(source, mountPoint, value, allowOther, passthrough, requestDeadline);
  }

  /** The same, open to other users or not. */
  public MountOptions withAllowOther(boolean value) {
    return new MountOptions(source, mountPoint, readOnly, value, passthrough, requestDeadline);
  }

  /** The same, with or without passthrough. */
  public MountOptions withPassthrough(boolean value) {
    return new MountOptions(source, mountPoint, readOnly, allowOther, value, requestDeadline);
  }

  /** The same with another deadline. */
  public MountOptions withRequestDeadline(Duration value) {
    return new MountOptions(source, mountPoint, readOnly, allowOther, passthrough, value);
  }

  /** The same at another place. */
  public MountOptions withMountPoint(String value) {
    return new MountOptions(source, value, readOnly, allowOther, passthrough, requestDeadline);
  }
}
