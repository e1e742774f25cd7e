package io.azcp.fs.tree;

import io.azcp.fs.writeback.LocalFile;

/**
 * A node the kernel may know: one directory, or one version of one file. A name whose content is
 * replaced gets another node, so that descriptors of the old one go on reading what they opened. A
 * file being written here stays one node from its creation through its commits.
 *
 * <p>Place and content are guarded by {@link Nodes}, the opens by the node itself.
 */
final class Node {
  /** How the live opens of a file are served; all of them the same way, as the kernel demands. */
  enum Mode {
    /** There is none. */
    CLOSED,
    /** Reads and writes come here, pages are cached. */
    CACHED,
    /** The kernel reads and writes the file behind it. */
    PASSTHROUGH
  }

  private final long id;
  private final long inode;
  private final Volume volume;
  private final Junction junction;

  volatile Node parent;
  volatile String part;
  volatile boolean attached = true;
  volatile boolean unlinked;
  volatile Found found;
  volatile long freshUntil;
  long fileId;
  long lookups;
  int children;

  private Mode mode = Mode.CLOSED;
  private int opens;
  private int writers;
  private int localOpens;
  private LocalFile openLocal;
  private boolean pagesStale;

  /**
   * A node.
   *
   * @param volume the volume it belongs to; null for a directory on the way to volumes
   * @param junction the junction it is; null for an ordinary name
   */
  Node(
      long id,
      long inode,
      Volume volume,
      Junction junction,
      Node parent,
      String part,
      Found found) {
    this.id = id;
    this.inode = inode;
    this.volume = volume;
    this.junction = junction;
    this.parent = parent;
    this.part = part;
    this.found = found;
  }

  long id() {
    return id;
  }

  long inode() {
    return inode;
  }

  Volume volume() {
    return volume;
  }

  Junction junction() {
    return junction;
  }

  /** Whether it is the top of its volume. */
  boolean isVolumeRoot() {
    return volume != null && (parent == null || parent.volume != volume);
  }

  /** Its name relative to its volume. */
  String path() {
    Node above = parent;
    return volume == null || above == null || above.volume != volume
        ? ""
        : Paths.join(above.path(), part);
  }

  boolean isDirectory() {
    return found.isDirectory();
  }

  /** The local file that live opens of it are on; null for none. */
  synchronized LocalFile openLocal() {
    return openLocal;
  }

  /** Whether an application holds it open for writing. */
  synchronized boolean hasWriter() {
    return writers > 0;
  }

  synchronized boolean isOpen() {
    return opens > 0;
  }

  /** Whether it is open, and only by daemon-served readers of a published or partial file. */
  synchronized boolean onlyCachedReaders() {
    return mode == Mode.CACHED && localOpens == 0;
  }

  synchronized boolean isPassthrough() {
    return mode == Mode.PASSTHROUGH;
  }

  /**
   * Counts an open.
   *
   * @param local the local file it is on; null for a file of the cache
   * @param wanted the mode where no other open decided it
   * @return the mode of all opens
   */
  synchronized Mode opened(LocalFile local, boolean writable, Mode wanted) {
    if (opens == 0) {
      mode = wanted;
    }
    opens++;
    if (local != null) {
      openLocal = local;
      localOpens++;
    }
    if (writable) {
      writers++;
      pagesStale |= mode == Mode.PASSTHROUGH;
    }
    return mode;
  }

  /** Takes back {@link #opened}. */
  synchronized void closed(boolean local, boolean writable) {
    opens--;
    if (writable) {
      writers--;
    }
    if (local && --localOpens == 0) {
      openLocal = null;
    }
    if (opens == 0) {
      mode = Mode.CLOSED;
    }
  }

  /** Whether the kernel's pages are what the file holds; true from the next open on. */
  synchronized boolean pagesValid() {
    boolean valid = !pagesStale;
    if (mode == Mode.CACHED) {
      pagesStale = false;
    }
    return valid;
  }
}
