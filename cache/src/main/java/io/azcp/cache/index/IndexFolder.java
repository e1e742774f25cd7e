package io.azcp.cache.index;

import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import io.azcp.cache.index.FolderIndex.Kept;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a cache folder's index lies: {@code .azcp/index}. One process has it at a time, for as long
 * as it holds the lock. A file beside the index says that it is whole: written when it is closed,
 * with the checksum of all of it, and deleted before it is opened again. So one that a dead process
 * had open, or that anything has touched since, is never looked into; it is made anew, under
 * another name.
 */
final class IndexFolder {
  private static final Logger LOG = LoggerFactory.getLogger(IndexFolder.class);
  private static final int FORMAT = 1;
  private static final int FOLDER_MODE = 0700;
  private static final int FILE_MODE = 0600;
  private static final int BUFFER = 1 << 20;

  /** Room on the disk, and limit of the folder, below which no index is made there. */
  private static final long LEAST_SPACE = 1L << 30;

  private final Path folder;
  private final String identity;
  private final int lock;

  private IndexFolder(Path folder, String identity, int lock) {
    this.folder = folder;
    this.identity = identity;
    this.lock = lock;
  }

  /**
   * The index of a cache folder, the one that is there or a new one; null where it is in use, or
   * would take too much of what the folder may hold.
   */
  static Kept open(String cacheFolder, String identity, IndexRoom room) throws IOException {
    Path folder = Path.of(cacheFolder, ".azcp", "index");
    Files.mkdirs(folder.toString(), FOLDER_MODE);
    int lock =
        Fd.open(
            folder.resolve("lock").toString(), Fd.O_RDWR | Fd.O_CREAT | Fd.O_CLOEXEC, FILE_MODE);
    boolean ours = false;
    try {
      if (!OfdLock.tryExclusive(lock, 0, 1)) {
        LOG.info("the index of {} is in use by another mount", cacheFolder);
        return null;
      }
      Kept kept = new IndexFolder(folder, identity, lock).open(room);
      ours = true;
      return kept;
    } finally {
      if (!ours) {
        Fd.close(lock);
      }
    }
  }

  /** Whether a folder says that it has an index. */
  static boolean told(String cacheFolder) {
    return java.nio.file.Files.exists(Path.of(cacheFolder, ".azcp", "index", "whole"));
  }

  /** Has the next one who opens the index make it anew, unless somebody has it open now. */
  static void forget(String cacheFolder) throws IOException {
    Path folder = Path.of(cacheFolder, ".azcp", "index");
    if (!Files.exists(folder.resolve("whole").toString())) {
      return;
    }
    int lock =
        Fd.open(
            folder.resolve("lock").toString(), Fd.O_RDWR | Fd.O_CREAT | Fd.O_CLOEXEC, FILE_MODE);
    try {
      if (OfdLock.tryExclusive(lock, 0, 1)) {
        Files.unlinkIfExists(folder.resolve("whole").toString());
      }
    } finally {
      Fd.close(lock);
    }
  }

  private Kept open(IndexRoom room) throws IOException {
    boolean allowed = room.limitBytes() >= LEAST_SPACE;
    Path whole = allowed ? whole() : null;
    Files.unlinkIfExists(statement().toString());
    syncFolder();
    removeOthers(whole);
    if (!allowed) {
      LOG.info("the index of {} would be too much of what that may hold", folder.getParent());
      return null;
    }
    if (whole == null && Files.space(folder.toString()).availableBytes() < LEAST_SPACE) {
      throw new IOException("less than 1 GiB is free");
    }
    Path file =
        whole == null ? folder.resolve(Long.toString(System.nanoTime(), 36) + ".map") : whole;
    return ChronicleIndex.open(file.toFile(), new Owner(file), room);
  }

  private Path statement() {
    return folder.resolve("whole");
  }

  /** The index that is there, when it is as it was closed; null for none. */
  private Path whole() throws IOException {
    List<String> said;
    try {
      said = java.nio.file.Files.readAllLines(statement());
    } catch (NoSuchFileException e) {
      return null;
    } catch (java.nio.charset.CharacterCodingException e) {
      LOG.debug("what is said of the index cannot be read", e);
      return null;
    }
    if (said.size() != 2 || !said.get(1).endsWith(".map") || said.get(1).indexOf('/') >= 0) {
      return null;
    }
    Path file = folder.resolve(said.get(1));
    try {
      return said.get(0).equals(describe(file)) ? file : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private String describe(Path file) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    long length = 0;
    try (FileChannel in = FileChannel.open(file)) {
      for (int n = in.read(buffer.clear()); n >= 0; n = in.read(buffer.clear())) {
        length += n;
        sum.update(buffer.flip());
      }
    }
    return String.join(
        " ",
        Integer.toString(FORMAT),
        identity,
        Long.toString(length),
        Long.toHexString(sum.getValue()));
  }

  private void removeOthers(Path but) throws IOException {
    try (Stream<Path> all = java.nio.file.Files.list(folder)) {
      for (Path file : all.toList()) {
        if (!file.equals(but) && !file.endsWith("lock")) {
          Files.unlinkIfExists(file.toString());
        }
      }
    }
  }

  private void syncFolder() throws PosixException {
    sync(folder);
  }

  private static void sync(Path path) throws PosixException {
    int fd = Fd.open(path.toString(), Fd.O_RDONLY | Fd.O_CLOEXEC, 0);
    try {
      Fd.sync(fd);
    } finally {
      Fd.close(fd);
    }
  }

  /** What the index tells of its end. */
  final class Owner {
    private final Path file;

    private Owner(Path file) {
      this.file = file;
    }

    /** It is closed as it should be. */
    void closed() {
      try {
        sync(file);
        Path fresh = folder.resolve("whole.new");
        String said = describe(file) + "\n" + file.getFileName() + "\n";
        java.nio.file.Files.write(fresh, said.getBytes(StandardCharsets.UTF_8));
        sync(fresh);
        Files.rename(fresh.toString(), statement().toString());
      } catch (IOException e) {
        LOG.warn("the index in {} will be made anew: {}", folder, e.getMessage());
      } finally {
        Fd.close(lock);
      }
    }

    /** It is of no use any more. */
    void discarded() {
      try {
        Files.unlinkIfExists(file.toString());
      } catch (PosixException e) {
        LOG.warn("a damaged index was not deleted: {}", e.getMessage());
      } finally {
        Fd.close(lock);
      }
    }
  }
}
