package io.azcp.fs.writeback;

import io.azcp.base.posix.Stat;
import java.util.Map;

/**
 * What a file or directory carries besides its content.
 *
 * @param mode type and permission bits
 * @param uid owner
 * @param gid group
 * @param mtimeNanos last change of the content, nanoseconds since the epoch
 * @param atimeNanos as it was set, else the mtime: reads do not change it
 * @param ctimeNanos last change of the content or of what is said here
 * @param device number of a block or character device as the kernel encodes it, else 0
 * @param extended extended attributes, by the keys and in the form that blob metadata keep them in
 */
public record PosixAttributes(
    int mode,
    int uid,
    int gid,
    long mtimeNanos,
    long atimeNanos,
    long ctimeNanos,
    int device,
    Map<String, String> extended) {

  /** Makes the extended attributes immutable. */
  public PosixAttributes {
    extended = Map.copyOf(extended);
  }

  /** One time for all three, and nothing else. */
  public PosixAttributes(int mode, int uid, int gid, long mtimeNanos) {
    this(mode, uid, gid, mtimeNanos, mtimeNanos, mtimeNanos, 0, Map.of());
  }

  /** The bits of the mode that tell the type. */
  public int type() {
    return mode & Stat.TYPE_MASK;
  }

  /** The same of another type, or with other permissions. */
  public PosixAttributes withMode(int other) {
    return new PosixAttributes(
        other, uid, gid, mtimeNanos, atimeNanos, ctimeNanos, device, extended);
  }

  /** The same of another owner. */
  public PosixAttributes withOwner(int user, int group) {
    return new PosixAttributes(
        mode, user, group, mtimeNanos, atimeNanos, ctimeNanos, device, extended);
  }

  /** The same with other times. */
  public PosixAttributes withTimes(long mtime, long atime, long ctime) {
    return new PosixAttributes(mode, uid, gid, mtime, atime, ctime, device, extended);
  }

  /** The same of another device. */
  public PosixAttributes withDevice(int number) {
    return new PosixAttributes(
        mode, uid, gid, mtimeNanos, atimeNanos, ctimeNanos, number, extended);
  }

  /** The same with other extended attributes. */
  public PosixAttributes withExtended(Map<String, String> others) {
    return new PosixAttributes(mode, uid, gid, mtimeNanos, atimeNanos, ctimeNanos, device, others);
  }

  /** The same after a change of the content; a time of access that was not set follows. */
  public PosixAttributes writtenAt(long nanos) {
    return nanos == mtimeNanos
        ? this
        : withTimes(
            nanos, atimeNanos == mtimeNanos ? nanos : atimeNanos, Math.max(ctimeNanos, nanos));
  }
}
