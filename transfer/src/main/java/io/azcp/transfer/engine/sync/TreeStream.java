package io.azcp.transfer.engine.sync;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The files below a directory in the order of their full names: depth first, each directory's
 * entries sorted, a directory as the name with its slash. A directory is read as a whole before
 * what it holds is shown; up to a limit its entries are kept in memory, more are sorted on disk.
 * The limit is halved on each level, so that memory is bounded however deep the tree.
 */
public final class TreeStream implements EntryStream {
  /** Entries of the root that are kept in memory: some 15 MiB. */
  private static final int HELD = 100_000;

  /** What a directory of any level may hold there: files for a few names each would cost more. */
  private static final int HELD_AT_LEAST = 1000;

  /** Reads directories. */
  @FunctionalInterface
  public interface Directories {
    /**
     * Adds what lies in a directory, in any order, with names from the root on. Tells by itself
     * what cannot be read.
     *
     * @param name empty for the root, else with a slash at its end
     */
    void read(String name, ExternalSort entries) throws IOException;
  }

  private final Directories directories;
  private final Path folder;
  private final Deque<EntryStream> open = new ArrayDeque<>();
  private final int limit;
  private boolean begun;

  /**
   * A walk.
   *
   * @param folder where directories that are too large are sorted
   */
  public TreeStream(Directories directories, Path folder) {
    this(directories, folder, HELD);
  }

  TreeStream(Directories directories, Path folder, int limit) {
    this.directories = directories;
    this.folder = folder;
    this.limit = limit;
  }

  @Override
  public Entry next() throws IOException {
    if (!begun) {
      begun = true;
      descend("");
    }
    while (!open.isEmpty()) {
      Entry entry = open.peek().next();
      if (entry == null) {
        open.pop().close();
      } else if (entry.kind() == Entry.Kind.DIRECTORY) {
        descend(entry.name());
      } else {
        return entry;
      }
    }
    return null;
  }

  private void descend(String name) throws IOException {
    int share = Math.max(limit >> open.size(), Math.min(limit, HELD_AT_LEAST));
    var entries = new ExternalSort(folder, share);
    try {
      directories.read(name, entries);
      open.push(entries.sorted());
    } catch (IOException | RuntimeException e) {
      entries.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
