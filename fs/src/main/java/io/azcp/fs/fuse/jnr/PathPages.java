package io.azcp.fs.fuse.jnr;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whose pages and size the kernel may have under a path. To libfuse 2 a path is one inode with one
 * page cache and one size, whatever version of a file the port has there by now. So pages are kept
 * only from one open of a node to the next of the same node; and while another node is open under
 * the path, or its size may still be remembered, a new open reads past the kernel's cache
 * (direct_io). Never are pages of two versions mixed. Thread-safe.
 */
final class PathPages {
  private static final int REMEMBERED = 4096;

  private final long sizeNanos;
  private final Map<String, Pages> paths = new LinkedHashMap<>(256, 0.75f, true);

  /**
   * None yet.
   *
   * @param sizeNanos how long the kernel remembers a size
   */
  PathPages(long sizeNanos) {
    this.sizeNanos = sizeNanos;
  }

  /** How an open is served. */
  enum Way {
    /** From the pages that are there. */
    KEEP,
    /** Through the page cache, which is emptied first. */
    FRESH,
    /** Past the page cache. */
    DIRECT
  }

  /** The pages of one path; guarded by the table. */
  static final class Pages {
    private final long node;
    private final long directUntil;
    private int opens;

    /**
     * Whether the node was opened; one that was only seen has no pages, another's may lie there.
     */
    private boolean used;

    private Pages(long node, long directUntil) {
      this.node = node;
      this.directUntil = directUntil;
    }
  }

  /**
   * An open that was answered.
   *
   * @param pages to be given back by {@link #closed}; null where it has none
   */
  record Open(Way way, Pages pages) {}

  /** The kernel is told the attributes of the node at the path. */
  synchronized void seen(String path, long node) {
    Pages pages = paths.get(path);
    if (pages == null || (pages.node != node && pages.opens == 0)) {
      put(path, new Pages(node, 0));
    }
  }

  /** A node was opened at the path. */
  synchronized Open opened(String path, long node) {
    long now = Math.max(1, System.nanoTime());
    Pages pages = paths.get(path);
    if (pages != null && pages.node != node && pages.opens > 0) {
      return new Open(Way.DIRECT, null);
    }
    Way way = pages != null && pages.used ? Way.KEEP : Way.FRESH;
    if (pages == null) {
      pages = put(path, new Pages(node, 0));
    } else if (pages.node != node) {
      pages = put(path, new Pages(node, now + sizeNanos));
    }
    if (pages.directUntil != 0) {
      if (now - pages.directUntil < 0) {
        return new Open(Way.DIRECT, null);
      }
      pages = put(path, new Pages(node, 0));
      way = Way.FRESH;
    }
    pages.opens++;
    pages.used = true;
    return new Open(way, pages);
  }

  private Pages put(String path, Pages pages) {
    paths.put(path, pages);
    Iterator<Pages> oldest = paths.values().iterator();
    while (paths.size() > REMEMBERED && oldest.hasNext()) {
      if (oldest.next().opens == 0) {
        oldest.remove();
      }
    }
    return pages;
  }

  /** An open has ended. */
  synchronized void closed(Open open) {
    if (open.pages() != null) {
      open.pages().opens--;
    }
  }

  /** What lay at a path, with all below it, is called otherwise now. */
  synchronized void renamed(String from, String to) {
    removed(to);
    Map<String, Pages> moved = new LinkedHashMap<>();
    paths
        .entrySet()
        .removeIf(
            e -> {
              boolean below = isAtOrBelow(e.getKey(), from);
              if (below) {
                moved.put(to + e.getKey().substring(from.length()), e.getValue());
              }
              return below;
            });
    paths.putAll(moved);
  }

  /** Nothing is left at a path: what comes there is another inode to the kernel too. */
  synchronized void removed(String path) {
    paths.keySet().removeIf(p -> isAtOrBelow(p, path));
  }

  private static boolean isAtOrBelow(String path, String top) {
    return path.equals(top) || path.startsWith(top + "/");
  }
}
