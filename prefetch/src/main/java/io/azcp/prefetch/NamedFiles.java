package io.azcp.prefetch;

import io.azcp.base.AzcpException;
import io.azcp.prefetch.BlobNames.Page;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What listings tell of files that are asked for by their names. From the eighth name of a
 * directory on its listing is asked for, one page for each eight names, and answers the others: a
 * page of 5,000 names takes as long as the answer about one of them. What no listing tells, or is
 * listed no more because it does not pay, is asked for by its name. Touched by the preparation's
 * loop alone.
 */
final class NamedFiles {
  /** Names of a directory for each page of its listing. */
  static final int NAMES_A_PAGE = 8;

  /** Names that wait for listings; more are not begun meanwhile. */
  private static final int MOST_WAITING = 4096;

  /** Some 250 bytes each; above it directories longest unused are forgotten. */
  private static final int MOST_KEPT = 100_000;

  /** Directories of which nothing but a number is kept. */
  private static final int MOST_DIRECTORIES = 20_000;

  /** What is listed in vain costs some 2 µs a name, a request 100: so many for each that told. */
  private static final int LISTED_A_NAME = 50;

  /** Listed in any case. */
  private static final int LISTED_FREELY = 200_000;

  /** A listing is old then. */
  private static final long BELIEVED_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Map<String, Directory> directories = new LinkedHashMap<>(16, 0.75f, true);
  private final int mostKept;
  private int waiting;
  private int kept;
  private long listed;
  private long told;
  private boolean refused;

  NamedFiles() {
    this(MOST_KEPT);
  }

  NamedFiles(int mostKept) {
    this.mostKept = mostKept;
  }

  /** A name, and its place among all. */
  record Asked(PrepareNames.Name name, long rank) {}

  /** One directory. */
  private static final class Directory {
    final String path;
    final Map<String, Wanted> files = new HashMap<>();
    final Deque<Asked> waiting = new ArrayDeque<>();
    int asked;
    int pages;
    String marker = "";
    boolean ended;
    boolean asking;
    long sinceNanos;

    Directory(String path) {
      this.path = path;
    }

    /** Whether another page is worth its request, with the one that is asked for now. */
    boolean pays() {
      return !ended && asked >= (pages + 1) * NAMES_A_PAGE;
    }
  }

  /** How a name is answered. */
  interface Ways {
    /** By a listing. */
    void told(Asked name, Wanted file);

    /** By a request of its own. */
    void alone(Asked name);

    /** Later: the next page of a directory has to be asked for. */
    void list(String directory, String marker) throws AzcpException;
  }

  /** Whether another name may be taken. */
  boolean hasRoom() {
    return waiting < MOST_WAITING;
  }

  /** Sends a name of a file on its way. */
  void take(Asked name, Ways ways) throws AzcpException {
    String path = name.name().path();
    Directory directory = directory(path.substring(0, path.lastIndexOf('/') + 1));
    directory.asked++;
    if (directory.asking) {
      directory.waiting.add(name);
      waiting++;
      return;
    }
    send(directory, name, ways);
  }

  private Directory directory(String path) {
    Directory directory = directories.get(path);
    if (directory != null && isOld(directory)) {
      forget(directory);
      directory = null;
    }
    if (directory == null) {
      directory = new Directory(path);
      directories.put(path, directory);
      trim(MOST_DIRECTORIES, Integer.MAX_VALUE);
    }
    return directory;
  }

  private static boolean isOld(Directory directory) {
    return directory.pages > 0
        && !directory.asking
        && System.nanoTime() - directory.sinceNanos > BELIEVED_NANOS;
  }

  private void send(Directory directory, Asked name, Ways ways) throws AzcpException {
    Wanted file = directory.files.get(name.name().path());
    if (file != null) {
      told++;
      ways.told(name, file);
    } else if (!refused && directory.pays() && listed < LISTED_FREELY + LISTED_A_NAME * told) {
      directory.asking = true;
      directory.waiting.add(name);
      waiting++;
      if (directory.pages == 0) {
        directory.sinceNanos = System.nanoTime();
      }
      ways.list(directory.path, directory.marker);
    } else {
      ways.alone(name);
    }
  }

  /** A page came; those who waited for it go their ways. */
  void took(String path, Page page, Ways ways) throws AzcpException {
    Directory directory = directories.get(path);
    directory.asking = false;
    directory.pages++;
    directory.marker = page.next();
    directory.ended = page.next().isEmpty();
    listed += page.files().size();
    for (Wanted file : page.files()) {
      // A directory's marker, and a file that a directory hides, are looked at one by one.
      if (file.version() != null && !page.directories().contains(file.name())) {
        kept += directory.files.put(file.name(), file) == null ? 1 : 0;
      }
    }
    go(directory, ways);
    trim(Integer.MAX_VALUE, mostKept);
  }

  /** A page could not be had: from now on all are asked for by their names. */
  void refused(String path, Ways ways) throws AzcpException {
    refused = true;
    Directory directory = directories.get(path);
    directory.asking = false;
    go(directory, ways);
  }

  private void go(Directory directory, Ways ways) throws AzcpException {
    Deque<Asked> now = new ArrayDeque<>(directory.waiting);
    waiting -= now.size();
    directory.waiting.clear();
    for (Asked name : now) {
      if (directory.asking) {
        directory.waiting.add(name);
        waiting++;
      } else {
        send(directory, name, ways);
      }
    }
  }

  /** Forgets directories longest unused until no more are left than that, with no more names. */
  private void trim(int mostDirectories, int mostNames) {
    Iterator<Directory> eldest = directories.values().iterator();
    while ((directories.size() > mostDirectories || kept > mostNames) && eldest.hasNext()) {
      Directory directory = eldest.next();
      if (!directory.asking) {
        kept -= directory.files.size();
        eldest.remove();
      }
    }
  }

  private void forget(Directory directory) {
    kept -= directory.files.size();
    directories.remove(directory.path);
  }
}
