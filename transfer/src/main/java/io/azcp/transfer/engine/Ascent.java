package io.azcp.transfer.engine;

import java.io.IOException;

/**
 * The directories of a tree that is removed while it is listed. A hierarchical namespace gives up a
 * directory only when it is empty, so each has its turn after all that is below it. Such a
 * namespace lists a directory right before what it holds: those open are a chain from the root, and
 * only they, and those whose last entries are just being removed, are held in memory. In a flat
 * namespace, whose order may be another, directories are markers and their turn does not matter.
 *
 * <p>One thread lists; any thread tells what became of an entry.
 */
final class Ascent {
  /** What is done with a directory when its turn comes. It ends in {@link #left} for it. */
  interface Turn<E extends Exception> {
    /** All below the directory is told of. */
    void of(Directory directory) throws E;
  }

  /** A directory that was listed. */
  static final class Directory {
    private final String name;
    private final Directory above;
    private int entries;
    private boolean listed;
    private boolean keepsAnything;

    private Directory(String name, Directory above) {
      this.name = name;
      this.above = above;
    }

    String name() {
      return name;
    }

    /** The directory it is in, or null. */
    Directory above() {
      return above;
    }

    /** Whether something in it stays; told when its turn has come. */
    boolean keepsAnything() {
      return keepsAnything;
    }
  }

  private final Turn<IOException> whileListing;
  private final Turn<RuntimeException> afterwards;
  private Directory innermost;

  /**
   * Nothing is open yet.
   *
   * @param whileListing called by the thread that lists, which should leave the work to others
   * @param afterwards called by the thread that told of the last entry
   */
  Ascent(Turn<IOException> whileListing, Turn<RuntimeException> afterwards) {
    this.whileListing = whileListing;
    this.afterwards = afterwards;
  }

  /** Comes to the next entry, and counts it in the directory it is in; null for none. */
  Directory enter(String name) throws IOException {
    while (innermost != null && !name.startsWith(BlobPages.directoryPrefix(innermost.name))) {
      leave();
    }
    if (innermost != null) {
      synchronized (this) {
        innermost.entries++;
      }
    }
    return innermost;
  }

  /** The entry just come to is a directory. */
  void open(String name) {
    innermost = new Directory(name, innermost);
  }

  /** The listing is at its end. */
  void finish() throws IOException {
    while (innermost != null) {
      leave();
    }
  }

  private void leave() throws IOException {
    Directory directory = innermost;
    innermost = directory.above;
    boolean empty;
    synchronized (this) {
      directory.listed = true;
      empty = directory.entries == 0;
    }
    if (empty) {
      whileListing.of(directory);
    }
  }

  /** An entry of a directory (null: of none) is gone, or stays. */
  void left(Directory directory, boolean gone) {
    if (directory == null) {
      return;
    }
    boolean last;
    synchronized (this) {
      directory.entries--;
      directory.keepsAnything |= !gone;
      last = directory.listed && directory.entries == 0;
    }
    if (last) {
      afterwards.of(directory);
    }
  }
}
