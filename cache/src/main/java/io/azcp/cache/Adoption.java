package io.azcp.cache;

import io.azcp.cache.WholeFiles.Found;
import io.azcp.cache.WholeFiles.Trust;
import java.io.IOException;
import java.util.Optional;

/**
 * Marks a file that lies in its place without a mark to be trusted: one an older program left
 * there, or one from before a reboot. Its length and its MD5 must be those of the blob.
 */
record Adoption(CacheContext context) {
  /** Answers whether the file is whole and of that version now. Reads all of it. */
  boolean adopt(String name, BlobVersion version) throws IOException {
    Optional<Found> there = context.wholes().find(name);
    if (there.isEmpty()) {
      return false;
    }
    try (Found found = there.get()) {
      if (found.whole()) {
        return found.mark().version().sameContent(version);
      }
      boolean candidate =
          !version.contentMd5().isEmpty() && found.stat().size() == version.length();
      if (!candidate || !FileCopy.md5(found.fd(), version.length()).equals(version.contentMd5())) {
        return false;
      }
      return markUnchanged(found, name, version);
    }
  }

  private boolean markUnchanged(Found read, String name, BlobVersion version) throws IOException {
    return context.locks().holding(name, () -> markIfUnchanged(read, name, version));
  }

  private boolean markIfUnchanged(Found read, String name, BlobVersion version) throws IOException {
    Optional<Found> there = context.wholes().find(name);
    if (there.isEmpty()) {
      return false;
    }
    try (Found now = there.get()) {
      boolean same =
          now.trust() != Trust.WHOLE
              && now.stat().inode() == read.stat().inode()
              && now.stat().mtimeNanos() == read.stat().mtimeNanos()
              && now.stat().size() == read.stat().size();
      if (same) {
        context.wholes().adopt(now, name, version);
        context.durability().published(name, version.etag());
      }
      return same;
    }
  }
}
