package io.azcp.fs.tree;

import io.azcp.base.posix.Stat;
import io.azcp.fs.writeback.InodeMetadata;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.PosixMetadata;
import java.util.concurrent.TimeUnit;

/**
 * A blob's attributes: what its metadata keeps, else what the mount says. Permissions are believed
 * on every mount, or chmod(1) would not last; owners only where the mount says so.
 */
final class BlobAttributes {
  private static final int PERMISSIONS = 07777;
  private static final int SYMLINK_MODE = Stat.SYMLINK | 0777;

  private BlobAttributes() {}

  static PosixAttributes of(BlobProperties blob, Ownership ownership, boolean special) {
    PosixMetadata kept = PosixMetadata.from(blob);
    long mtime = kept.modtimeNanos().orElse(TimeUnit.MILLISECONDS.toNanos(blob.lastModified()));
    PosixAttributes plain = kept.folder() ? ownership.directory(mtime) : ownership.file(mtime);
    int mode = plain.mode();
    if (kept.symlink() && !kept.folder()) {
      mode = SYMLINK_MODE;
    } else if (kept.mode().isPresent()) {
      mode = (mode & Stat.TYPE_MASK) | (kept.mode().getAsInt() & PERMISSIONS);
    }
    boolean owned = ownership.fromMetadata();
    var attributes =
        new PosixAttributes(
            mode,
            owned ? kept.uid().orElse(plain.uid()) : plain.uid(),
            owned ? kept.gid().orElse(plain.gid()) : plain.gid(),
            mtime);
    boolean file = (mode & Stat.TYPE_MASK) == Stat.REGULAR;
    return blob.metadata().isEmpty()
        ? attributes
        : InodeMetadata.read(attributes, blob.metadata(), special && file);
  }
}
