package io.azcp.cluster;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Directory;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.OfdLock;
import io.azcp.base.posix.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A directory of temporary files, numbered. Its name is that of a temporary ({@code .azcp-} and 16
 * hexadecimal digits), so that no walk of ours shows it, and a lock in it dies with its process:
 * what is not locked was left by a killed run, and is removed by the next. Thread-safe.
 */
final class Staging implements AutoCloseable {
  private static final String PREFIX = ".azcp-";
  private static final int NAME_LENGTH = PREFIX.length() + 16;
  private static final String LOCK = "lock";
  private static final int FILES_A_DIRECTORY = 4096;

  private final String directory;
  private final int lock;

  private Staging(String directory, int lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Makes one in a folder that is there, once those of killed runs are gone. */
  static Staging in(String folder) throws IOException {
    removeLeftovers(folder);
    while (true) {
      long random = ThreadLocalRandom.current().nextLong();
      String directory = folder + "/" + PREFIX + HexFormat.of().toHexDigits(random);
      try {
        Files.mkdir(directory, 0700);
      } catch (PosixException e) {
        if (e.errno() == Errno.EEXIST) {
          continue;
        }
        throw e;
      }
      int fd = Fd.open(directory + "/" + LOCK, Fd.O_RDWR | Fd.O_CREAT, 0600);
      // Another run may have found the directory before it was locked, and be removing it.
      if (OfdLock.tryExclusive(fd, 0, 1) && Files.exists(directory + "/" + LOCK)) {
        return new Staging(directory, fd);
      }
      Fd.close(fd);
    }
  }

  private static void removeLeftovers(String folder) throws IOException {
    List<String> found = new ArrayList<>();
    Directory.read(
        folder,
        (name, type, inode) -> {
          if (type == Directory.Type.DIRECTORY && isOurs(name)) {
            found.add(folder + "/" + name);
          }
          return true;
        });
    for (String directory : found) {
      removeIfUnlocked(directory);
    }
  }

  private static boolean isOurs(String name) {
    return name.length() == NAME_LENGTH
        && name.startsWith(PREFIX)
        && name.substring(PREFIX.length()).matches("[0-9a-f]{16}");
  }

  private static void removeIfUnlocked(String directory) throws IOException {
    int fd;
    try {
      fd = Fd.open(directory + "/" + LOCK, Fd.O_RDWR | Fd.O_CREAT, 0600);
    } catch (PosixException e) {
      // Gone meanwhile, or another user's.
      return;
    }
    try {
      if (OfdLock.tryExclusive(fd, 0, 1)) {
        removeTree(directory);
      }
    } catch (PosixException e) {
      if (e.errno() != Errno.EACCES && e.errno() != Errno.EPERM) {
        throw e;
      }
    } finally {
      Fd.close(fd);
    }
  }

  private static void removeTree(String directory) throws IOException {
    List<String> directories = new ArrayList<>();
    Directory.read(
        directory,
        (name, type, inode) -> {
          if (type == Directory.Type.DIRECTORY) {
            directories.add(directory + "/" + name);
          } else {
            Files.unlinkIfExists(directory + "/" + name);
          }
          return true;
        });
    for (String below : directories) {
      removeTree(below);
    }
    Files.rmdir(directory);
  }

  /** The path of a number; its directory is made where it is missing. */
  String path(int number) throws IOException {
    String part = directory + "/" + number / FILES_A_DIRECTORY;
    if (number % FILES_A_DIRECTORY == 0 || !Files.exists(part)) {
      Files.mkdirs(part, 0700);
    }
    return part + "/" + number;
  }

  @Override
  public void close() {
    try {
      removeTree(directory);
    } catch (IOException e) {
      // Once the lock is gone the next run removes it.
      Fd.close(lock);
      return;
    }
    Fd.close(lock);
  }

  /** Why files cannot land in a folder, in one sentence. */
  static AzcpException unusable(String folder, PosixException e) {
    return new AzcpException(
        e.errno(), "cannot make files in " + folder + ": " + e.getMessage(), e);
  }
}
