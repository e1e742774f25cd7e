package io.azcp.cache.journal;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One mount's folder of staging files, {@code dirty/<id>/}: a journal, the files {@code <n>.data},
 * and a file {@code lock} whose lock is held as long as the session lives, so that a session whose
 * lock can be had is dead. The folder appears under its name only when it is locked already, and
 * goes when it is closed with no staging file left. Thread-safe.
 */
public final class DirtySession implements AutoCloseable {
  private static final String LOCK = "/lock";
  private static final String JOURNAL = "/journal";
  private static final String DATA = ".data";
  private static final String UNBORN = ".new-";
  private static final int PRIVATE = 0700;

  private final String folder;
  private final int lock;
  private final AtomicLong nextFile;
  private boolean closed;

  private DirtySession(String folder, int lock, long nextFile) {
    this.folder = folder;
    this.lock = lock;
    this.nextFile = new AtomicLong(nextFile);
  }

  /** Begins a session in a cache's dirty folder. */
  public static DirtySession create(String dirtyFolder) throws IOException {
    byte[] random = new byte[4];
    new SecureRandom().nextBytes(random);
    String id =
        Long.toHexString(System.currentTimeMillis()) + "-" + HexFormat.of().formatHex(random);
    String unborn = dirtyFolder + "/" + UNBORN + id;
    Files.mkdirs(unborn, PRIVATE);
    int lock = Fd.open(unborn + LOCK, Fd.O_RDWR | Fd.O_CREAT | Fd.O_EXCL, 0600);
    boolean born = false;
    try {
      if (!OfdLock.tryExclusive(lock, 0, 1)) {
        throw new AzcpException(
            Errno.EBUSY, "The new session " + unborn + " is locked by another process.");
      }
      String folder = dirtyFolder + "/" + id;
      Files.rename(unborn, folder, Files.RENAME_NOREPLACE);
      born = true;
      return new DirtySession(folder, lock, 1);
    } finally {
      if (!born) {
        Fd.close(lock);
      }
    }
  }

  /** Takes over every dead session of a dirty folder, oldest first. */
  public static List<DirtySession> takeOverDead(String dirtyFolder) throws IOException {
    List<String> ids = new ArrayList<>();
    Directory.read(
        dirtyFolder,
        (name, type, inode) -> {
          if (type == Directory.Type.DIRECTORY && !name.startsWith(".")) {
            ids.add(name);
          }
          return true;
        });
    ids.sort(null);
    List<DirtySession> dead = new ArrayList<>();
    try {
      for (String id : ids) {
        takeOver(dirtyFolder + "/" + id).ifPresent(dead::add);
      }
    } catch (IOException | RuntimeException e) {
      dead.forEach(DirtySession::giveUp);
      throw e;
    }
    return dead;
  }

  /** Takes over one session; empty when it lives or is gone. */
  private static Optional<DirtySession> takeOver(String folder) throws IOException {
    int lock;
    try {
      // A folder that lost its lock file is as dead as one whose lock is free.
      lock = Fd.open(folder + LOCK, Fd.O_RDWR | Fd.O_CREAT, 0600);
    } catch (PosixException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
    boolean taken = false;
    try {
      boolean dead =
          OfdLock.tryExclusive(lock, 0, 1)
              && Files.exists(folder + LOCK)
              && Files.lstat(folder + LOCK).inode() == Files.fstat(lock).inode();
      if (!dead) {
        return Optional.empty();
      }
      var session = new DirtySession(folder, lock, lastFile(folder) + 1);
      taken = true;
      return Optional.of(session);
    } finally {
      if (!taken) {
        Fd.close(lock);
      }
    }
  }

  private static long lastFile(String folder) throws IOException {
    long[] last = {0};
    Directory.read(
        folder,
        (name, type, inode) -> {
          last[0] = Math.max(last[0], fileId(name));
          return true;
        });
    return last[0];
  }

  /** The number of a staging file's name, 0 when it is none. */
  private static long fileId(String name) {
    if (!name.endsWith(DATA)) {
      return 0;
    }
    try {
      return Long.parseLong(name.substring(0, name.length() - DATA.length()));
    } catch (NumberFormatException other) {
      return 0;
    }
  }

  /** The session's folder. */
  public String folder() {
    return folder;
  }

  /** The folder's last part. */
  public String id() {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  /** Where the journal lies. */
  public String journalPath() {
    return folder + JOURNAL;
  }

  /** A number for a new staging file, never 0 and greater than any in the folder. */
  public long newFileId() {
    return nextFile.getAndIncrement();
  }

  /** Makes sure that new numbers are greater than one that a journal tells of. */
  public void fileIdSeen(long fileId) {
    nextFile.accumulateAndGet(fileId + 1, Math::max);
  }

  /** Where the staging file of a number lies. */
  public String stagingPath(long fileId) {
    return folder + "/" + fileId + DATA;
  }

  /** The numbers of the staging files that are there. */
  public List<Long> stagingFiles() throws IOException {
    List<Long> ids = new ArrayList<>();
    Directory.read(
        folder,
        (name, type, inode) -> {
          if (fileId(name) > 0) {
            ids.add(fileId(name));
          }
          return true;
        });
    ids.sort(null);
    return ids;
  }

  /**
   * Ends the session while something is pending: the folder stays for the next mount to take over.
   */
  public synchronized void giveUp() {
    if (!closed) {
      closed = true;
      Fd.close(lock);
    }
  }

  /**
   * Ends the session. With no staging file left the folder goes, journal included, so call it only
   * when the journal has nothing open; otherwise it stays as after {@link #giveUp}.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      if (stagingFiles().isEmpty()) {
        Files.unlinkIfExists(journalPath());
        Files.unlinkIfExists(journalPath() + ".new");
        Files.unlinkIfExists(journalPath() + Ballast.SUFFIX);
        Files.unlinkIfExists(folder + LOCK);
        removeFolder();
      }
    } finally {
      giveUp();
    }
  }

  private void removeFolder() throws PosixException {
    try {
      Files.rmdir(folder);
    } catch (PosixException e) {
      // Something else was put there: it is not ours to delete.
      if (e.errno() != Errno.ENOTEMPTY && e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
  }
}
