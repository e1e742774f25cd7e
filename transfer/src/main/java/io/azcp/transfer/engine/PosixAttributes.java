package io.azcp.transfer.engine;

import io.azcp.base.AzcpException;
import io.azcp.transfer.blob.BlobProperties;
import io.azcp.transfer.blob.MetadataKeys;
import io.azcp.transfer.blob.PosixMetadata;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Owner, mode and times of files, to and from the metadata of blobs ({@link PosixMetadata}). Only
 * root can give files away: for anybody else they stay their own, which is told once. Thread-safe.
 */
final class PosixAttributes {
  private static final int PERMISSION_BITS = 07777;

  private final Job job;
  private final AtomicBoolean told = new AtomicBoolean();

  PosixAttributes(Job job) {
    this.job = job;
  }

  /** What the metadata of a file's blob says of it; of a link, of the link itself. */
  static Map<String, String> read(Path file, boolean symlink, boolean folder) throws IOException {
    Map<String, Object> found =
        Files.readAttributes(
            file,
            "unix:mode,uid,gid,lastModifiedTime,lastAccessTime",
            symlink ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0]);
    var said =
        new PosixMetadata(
            OptionalInt.of((Integer) found.get("mode")),
            OptionalLong.of(nanos(found, "lastModifiedTime")),
            OptionalInt.of((Integer) found.get("uid")),
            OptionalInt.of((Integer) found.get("gid")),
            symlink,
            folder);
    Map<String, String> metadata = new HashMap<>(said.toMetadata());
    metadata.put(MetadataKeys.ACCESS_TIME, Long.toString(nanos(found, "lastAccessTime")));
    return metadata;
  }

  /** What the metadata says where only what it is is kept. */
  static Map<String, String> kind(boolean symlink, boolean folder) {
    var nothing = OptionalInt.empty();
    return new PosixMetadata(nothing, OptionalLong.empty(), nothing, nothing, symlink, folder)
        .toMetadata();
  }

  private static long nanos(Map<String, Object> attributes, String key) {
    return ((FileTime) attributes.get(key)).to(TimeUnit.NANOSECONDS);
  }

  /** When a blob's content was last changed, as its metadata says; milliseconds since the epoch. */
  static long modified(BlobProperties blob) {
    OptionalLong nanos = PosixMetadata.from(blob).modtimeNanos();
    return nanos.isPresent() ? Math.floorDiv(nanos.getAsLong(), 1_000_000L) : blob.lastModified();
  }

  /** Gives a file or directory what a blob says; what it does not say stays. */
  void apply(Path file, BlobProperties blob) throws IOException {
    PosixMetadata said = PosixMetadata.from(blob);
    FileTime modified =
        FileTime.from(
            said.modtimeNanos().orElse(blob.lastModified() * 1_000_000L), TimeUnit.NANOSECONDS);
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(modified, accessed(blob), null);
    own(file, said);
    // After the owner, whose change takes the set-user-id bits away.
    if (said.mode().isPresent()) {
      Files.setAttribute(file, "unix:mode", said.mode().getAsInt() & PERMISSION_BITS);
    }
  }

  /** The same for a symbolic link itself, which has no mode. */
  void applyToLink(Path link, BlobProperties blob) throws IOException {
    PosixMetadata said = PosixMetadata.from(blob);
    own(link, said);
    long modified = said.modtimeNanos().orElse(blob.lastModified() * 1_000_000L);
    FileTime accessed = accessed(blob);
    io.azcp.base.posix.Files.setTimes(
        LocalPaths.show(link),
        accessed == null ? modified : accessed.to(TimeUnit.NANOSECONDS),
        modified);
  }

  /** Null where it is not said. */
  private static FileTime accessed(BlobProperties blob) {
    String nanos = blob.metadataValue(MetadataKeys.ACCESS_TIME);
    try {
      return FileTime.from(Long.parseLong(nanos), TimeUnit.NANOSECONDS);
    } catch (NumberFormatException notSaid) {
      return null;
    }
  }

  private void own(Path file, PosixMetadata said) throws IOException {
    try {
      if (said.uid().isPresent()) {
        Files.setAttribute(file, "unix:uid", said.uid().getAsInt(), LinkOption.NOFOLLOW_LINKS);
      }
      if (said.gid().isPresent()) {
        Files.setAttribute(file, "unix:gid", said.gid().getAsInt(), LinkOption.NOFOLLOW_LINKS);
      }
    } catch (FileSystemException e) {
      AzcpException failure = LocalFailure.of("cannot change the owner of", file, e);
      switch (failure.errno()) {
        case EPERM, EACCES, EINVAL -> warnOnce();
        default -> throw failure;
      }
    }
  }

  private void warnOnce() {
    if (!told.getAndSet(true)) {
      job.warn("owners are not restored: only root can give files to others");
    }
  }
}
