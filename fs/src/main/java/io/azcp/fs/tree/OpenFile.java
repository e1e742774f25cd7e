package io.azcp.fs.tree;

import io.azcp.cache.CachedFile;
import io.azcp.fs.writeback.LocalFile;

/**
 * One open of a file, on a file of the cache or on a local file. Requests under way hold it: it is
 * closed after the release and the last of them. Thread-safe.
 */
final class OpenFile {
  private final Node node;
  private final CachedFile cached;
  private final LocalFile local;
  private final boolean writable;
  private final Nodes nodes;
  private int users = 1;
  private boolean released;

  /** An open that is counted at its node and at its local file already. */
  OpenFile(Node node, CachedFile cached, LocalFile local, boolean writable, Nodes nodes) {
    this.node = node;
    this.cached = cached;
    this.local = local;
    this.writable = writable;
    this.nodes = nodes;
  }

  Node node() {
    return node;
  }

  /** The file of the cache; null when it is on a local file. */
  CachedFile cached() {
    return cached;
  }

  /** The local file; null when it is on a file of the cache. */
  LocalFile local() {
    return local;
  }

  boolean writable() {
    return writable;
  }

  /** A descriptor to read from what is here. */
  int fd() {
    return local == null ? cached.fd() : local.backingFd();
  }

  /** Holds it for a request; false after the last close. */
  synchronized boolean enter() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  /** Ends a request's hold. */
  void leave() {
    synchronized (this) {
      if (--users > 0) {
        return;
      }
    }
    if (local != null) {
      local.released(writable);
    }
    if (cached != null) {
      cached.close();
    }
    node.closed(local != null, writable);
    nodes.dropIfForgotten(node);
  }

  /** The release: once. */
  void release() {
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
    }
    leave();
  }
}
