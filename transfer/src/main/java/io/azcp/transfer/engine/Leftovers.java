package io.azcp.transfer.engine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What killed runs have left in the directories that a job writes to: temporaries that nobody holds
 * a lock on, neither when they are found nor a moment later. The moment is for the temporaries of
 * another run that are not locked: small files, and those that are just given their names.
 * Thread-safe.
 */
final class Leftovers {
  /** Much longer than a process takes to write a buffer and rename a file. */
  private static final long MOMENT_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A killed run leaves one for each file it was at; what is over stays for the next run. */
  private static final int MOST = 10_000;

  // Guarded by this.
  private final Set<Path> found = new HashSet<>();
  private long lastFound;

  /** Looks for some in a directory. What cannot be listed is in nobody's way. */
  void look(Path directory) {
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            directory, e -> TemporaryFile.isTemporary(e.getFileName().toString()))) {
      for (Path entry : entries) {
        found(entry);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return;
    }
  }

  /** Notes a temporary where nobody seems to own it. */
  synchronized void found(Path temporary) {
    if (found.size() < MOST && isUnowned(temporary)) {
      found.add(absolute(temporary));
      lastFound = System.nanoTime();
    }
  }

  /** This job goes on with one: it is no leftover any more. */
  synchronized void take(Path temporary) {
    found.remove(absolute(temporary));
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  /** Removes those that are still there, still unlocked; waits for their moment to be over. */
  synchronized void remove() {
    try {
      while (!found.isEmpty() && left() > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    for (Path path : found) {
      removeOne(path);
    }
    found.clear();
  }

  private long left() {
    return lastFound + MOMENT_NANOS - System.nanoTime();
  }

  private static void removeOne(Path path) {
    try {
      if (isUnowned(path)) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It is nobody's file and shown nowhere: it may lie there until a later run can remove it.
      return;
    }
  }

  /** Where a file system keeps no locks, nobody can tell, and leftovers stay. */
  private static boolean isUnowned(Path path) {
    try {
      return TemporaryFile.isUnowned(path);
    } catch (IOException e) {
      return false;
    }
  }
}
