package io.azcp.fs.fuse.kernel;

import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.fuse.StatFs;
import java.nio.ByteBuffer;

/** The structures of linux/fuse.h that carry attributes. */
final class AttributeCodec {
  private static final long SECOND = 1_000_000_000L;
  private static final int BLOCK_SIZE = 4096;
  private static final int NAME_MAX = 255;
  private static final int PERMISSIONS = 07777;

  private AttributeCodec() {}

  /** {@code struct fuse_attr}. */
  private static void attributes(ByteBuffer b, int at, Attributes a) {
    b.putLong(at, a.inode()).putLong(at + 8, a.size()).putLong(at + 16, a.blocks());
    b.putLong(at + 24, seconds(a.atimeNanos())).putInt(at + 48, nanos(a.atimeNanos()));
    b.putLong(at + 32, seconds(a.mtimeNanos())).putInt(at + 52, nanos(a.mtimeNanos()));
    b.putLong(at + 40, seconds(a.ctimeNanos())).putInt(at + 56, nanos(a.ctimeNanos()));
    b.putInt(at + 60, a.mode()).putInt(at + 64, a.links());
    b.putInt(at + 68, a.uid()).putInt(at + 72, a.gid()).putInt(at + 76, a.device());
    b.putInt(at + 80, BLOCK_SIZE).putInt(at + 84, 0);
  }

  /** {@code struct fuse_attr_out}; answers its size. */
  static int attrOut(ByteBuffer b, Attributes a) {
    b.putLong(0, seconds(a.ttlNanos())).putInt(8, nanos(a.ttlNanos())).putInt(12, 0);
    attributes(b, 16, a);
    return Protocol.ATTR_OUT_BYTES;
  }

  /** {@code struct fuse_entry_out}; answers its size. */
  static int entryOut(ByteBuffer b, int at, Entry e) {
    long attributesTtl = e.attributes() == null ? 0 : e.attributes().ttlNanos();
    b.putLong(at, e.node()).putLong(at + 8, 0);
    b.putLong(at + 16, seconds(e.ttlNanos())).putLong(at + 24, seconds(attributesTtl));
    b.putInt(at + 32, nanos(e.ttlNanos())).putInt(at + 36, nanos(attributesTtl));
    if (e.attributes() == null) {
      zero(b, at + 40, Protocol.ATTR_BYTES);
    } else {
      attributes(b, at + 40, e.attributes());
    }
    return Protocol.ENTRY_OUT_BYTES;
  }

  /** {@code struct fuse_statfs_out}; answers its size. */
  static int statfsOut(ByteBuffer b, StatFs s) {
    zero(b, 0, Protocol.STATFS_OUT_BYTES);
    b.putLong(0, s.blocks()).putLong(8, s.freeBlocks()).putLong(16, s.availableBlocks());
    b.putLong(24, s.files()).putLong(32, s.freeFiles());
    b.putInt(40, s.blockSize()).putInt(44, NAME_MAX).putInt(48, s.blockSize());
    return Protocol.STATFS_OUT_BYTES;
  }

  /** {@code struct fuse_setattr_in}. */
  static SetAttributes setattr(Incoming in, long nowNanos) {
    int valid = in.word(0);
    return new SetAttributes(
        (valid & Protocol.FATTR_MODE) == 0 ? null : in.word(68) & PERMISSIONS,
        (valid & Protocol.FATTR_UID) == 0 ? null : in.word(76),
        (valid & Protocol.FATTR_GID) == 0 ? null : in.word(80),
        (valid & Protocol.FATTR_SIZE) == 0 ? null : in.wide(16),
        time(valid, Protocol.FATTR_ATIME, Protocol.FATTR_ATIME_NOW, nowNanos, in, 32, 56),
        time(valid, Protocol.FATTR_MTIME, Protocol.FATTR_MTIME_NOW, nowNanos, in, 40, 60));
  }

  private static Long time(
      int valid, int given, int now, long nowNanos, Incoming in, int seconds, int nanos) {
    if ((valid & now) != 0) {
      return nowNanos;
    }
    return (valid & given) == 0 ? null : in.wide(seconds) * SECOND + in.word(nanos);
  }

  static void zero(ByteBuffer b, int at, int bytes) {
    for (int i = 0; i < bytes; i += 8) {
      b.putLong(at + i, 0);
    }
  }

  private static long seconds(long nanos) {
    return Math.floorDiv(nanos, SECOND);
  }

  private static int nanos(long nanos) {
    return (int) Math.floorMod(nanos, SECOND);
  }
}
