package io.azcp.cli;

import io.azcp.transfer.engine.BlobListing;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Adds up files by directory while they are listed, each directory at one stretch, so that nothing
 * but the directories above the current one is held. A directory is told once all of it was seen,
 * after those below it.
 */
final class DirectoryTotals implements BlobListing.Visitor {
  /** Hears the totals of a directory; its name ends in a slash, that of the root is empty. */
  @FunctionalInterface
  interface Listener {
    void total(String directory, long files, long bytes);
  }

  private static final class Total {
    private final String directory;
    private long files;
    private long bytes;

    Total(String directory) {
      this.directory = directory;
    }
  }

  private final String prefix;
  private final int depth;
  private final Listener listener;
  private final Deque<Total> open = new ArrayDeque<>();

  /**
   * Totals.
   *
   * @param prefix what all names start with
   * @param depth how many levels below it are told one by one
   */
  DirectoryTotals(String prefix, int depth, Listener listener) {
    this.prefix = prefix;
    this.depth = depth;
    this.listener = listener;
    open.push(new Total(""));
  }

  @Override
  public void directory(String name) {}

  @Override
  public void blob(String name, long length, long lastModified) {
    String relative = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    while (!relative.startsWith(open.peek().directory)) {
      close();
    }
    int slash = relative.indexOf('/', open.peek().directory.length());
    while (slash >= 0 && open.size() <= depth) {
      open.push(new Total(relative.substring(0, slash + 1)));
      slash = relative.indexOf('/', slash + 1);
    }
    open.peek().files++;
    open.peek().bytes += length;
  }

  private void close() {
    Total done = open.pop();
    listener.total(done.directory, done.files, done.bytes);
    if (!open.isEmpty()) {
      open.peek().files += done.files;
      open.peek().bytes += done.bytes;
    }
  }

  /** Tells the directories that are still open, the root last. */
  void end() {
    while (!open.isEmpty()) {
      close();
    }
  }
}
