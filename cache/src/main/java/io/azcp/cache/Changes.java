package io.azcp.cache;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.Stat;
import io.azcp.cache.WholeFiles.Found;
import java.io.IOException;
import java.util.Optional;

/** Whole files that leave the cache to be changed, come back changed, or get another name. */
record Changes(CacheContext context, Pins pins) {
  private static final long BLOCK = 512;

  void takeOut(String name, BlobVersion version, String stagingPath) throws IOException {
    context.locks().holding(name, () -> takeOutLocked(name, version, stagingPath));
  }

  /** Answers whether it is the same inode. */
  private boolean takeOutLocked(String name, BlobVersion version, String stagingPath)
      throws IOException {
    try (Found found = context.wholes().find(name).orElse(null)) {
      if (found == null || !found.whole() || !found.mark().version().sameContent(version)) {
        throw WholeFiles.notWhole(name);
      }
      Optional<OpenFile> open = openHere(name, found);
      // Seen from the descriptor that holds our own lock, only locks of others are in the way.
      int seenFrom = open.map(OpenFile::fd).orElse(found.fd());
      boolean taken =
          context.wholes().removals().takeOut(found, () -> byUsAlone(found, seenFrom), stagingPath);
      if (taken) {
        open.ifPresent(context.openFiles()::detach);
        context.wholes().removeEmptyParents(found.path());
        context.room().capacity().dirtied(found.bytes());
      } else {
        FileCopy.copy(found.fd(), version.length(), stagingPath, 0600);
      }
      return taken;
    }
  }

  private boolean byUsAlone(Found found, int seenFrom) throws IOException {
    return context
        .openFiles()
        .byUsAlone(found.stat().inode(), () -> OfdLock.isFree(seenFrom, LockBytes.IN_USE, 1));
  }

  /** The open file of this process that stands on the found inode. */
  private Optional<OpenFile> openHere(String name, Found found) throws IOException {
    for (OpenFile file : context.openFiles().all()) {
      if (file.key().name().equals(name)
          && Files.fstat(file.fd()).inode() == found.stat().inode()) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  void publish(String stagingPath, String name, BlobVersion version) throws IOException {
    int fd = Fd.open(stagingPath, Fd.O_RDONLY, 0);
    try {
      Stat stat = Files.fstat(fd);
      if (stat.device() != Files.stat(context.layout().folder()).device()) {
        publishCopy(fd, stagingPath, name, version);
        return;
      }
      WholeFiles.requireLength(stat, name, version);
      context
          .locks()
          .holding(
              name,
              () -> {
                context.wholes().place(fd, stagingPath, name, version, "local", 0);
                context.wholes().touch(fd, context.recency().now());
                return null;
              });
      context.room().capacity().dirtied(-stat.blocks() * BLOCK);
    } finally {
      Fd.close(fd);
    }
    context.durability().published(name, version.etag());
  }

  /** A file of another file system (a staging folder in memory) is copied first. */
  private void publishCopy(int fd, String stagingPath, String name, BlobVersion version)
      throws IOException {
    String copy =
        context.layout().state("recovered")
            + "/publish."
            + ProcessHandle.current().pid()
            + "."
            + Long.toHexString(System.nanoTime());
    FileCopy.copy(fd, version.length(), copy, 0600);
    try {
      publish(copy, name, version);
    } finally {
      Files.unlinkIfExists(copy);
    }
    Files.unlinkIfExists(stagingPath);
  }

  void move(OpenFile.Key from, OpenFile.Key to) throws IOException {
    context.locks().holding(from.name(), to.name(), () -> moveLocked(from, to));
    context.durability().published(to.name(), to.version().etag());
  }

  private boolean moveLocked(OpenFile.Key from, OpenFile.Key to) throws IOException {
    boolean moved = false;
    try (Found found = context.wholes().find(from.name()).orElse(null)) {
      if (found != null && found.whole() && found.mark().version().sameContent(from.version())) {
        context.wholes().rename(found, to.name(), to.version());
        moved = true;
      }
    }
    context.partials().move(from.name(), from.version(), to.name(), to.version());
    context.openFiles().move(from, to);
    pins.move(from.name(), to.name());
    return moved;
  }
}
