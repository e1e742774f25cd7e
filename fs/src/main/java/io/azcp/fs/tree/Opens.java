package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.cache.BlobVersion;
import io.azcp.cache.CachedFile;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens files. A node stands for one version, and all its live opens are served one way: by the
 * kernel itself from the file behind (passthrough) or by the daemon through the kernel's page
 * cache. Where a new open needs another version or another way, it answers ESTALE: the kernel looks
 * the name up again and comes back with a fresh node, unseen by the application. Thread-safe.
 */
final class Opens {
  /** Up to here one daemon-served read costs less than registering a file for passthrough. */
  static final long CACHED_UP_TO = 128 << 10;

  /** S_ISUID and S_ISGID. */
  private static final int SET_IDS = 06000;

  private final Locator locator;
  private final Handles<OpenFile> handles;
  private volatile boolean passthrough;

  Opens(Locator locator, Handles<OpenFile> handles) {
    this.locator = locator;
    this.handles = handles;
  }

  void passthrough(boolean possible) {
    passthrough = possible;
  }

  void open(long id, int flags, Reply<Opened> reply) throws IOException {
    Node node = locator.node(id);
    if (node.isDirectory()) {
      throw new AzcpException(Errno.EISDIR, node.path() + " is a directory");
    }
    locator.confirm(node, Replies.then(reply, v -> open(node, flags, reply)));
  }

  private void open(Node node, int flags, Reply<Opened> reply) throws IOException {
    if ((flags & Fd.O_ACCMODE) == Fd.O_RDONLY && (flags & Fd.O_TRUNC) == 0) {
      reply.ok(opened(forReading(node)));
    } else {
      boolean truncate = (flags & Fd.O_TRUNC) != 0;
      forWriting(node, truncate, true, Replies.then(reply, f -> reply.ok(opened(f))));
    }
  }

  /** Hands an open to the binding. */
  Opened opened(OpenFile file) {
    Node node = file.node();
    boolean keep = node.pagesValid();
    int backing = -1;
    if (node.isPassthrough()) {
      backing = file.local() == null ? file.cached().fd() : file.local().backingFd();
    }
    return new Opened(handles.add(file), keep, backing);
  }

  private static AzcpException stale(Node node) {
    return new AzcpException(Errno.ESTALE, node.path() + " has another version now");
  }

  private OpenFile forReading(Node node) throws IOException {
    if (!node.unlinked && !locator.refresh(node) && !node.hasWriter()) {
      throw stale(node);
    }
    LocalFile local = Stats.local(node);
    if (local != null) {
      if (local.opened(false)) {
        Node.Mode mode = local.mayBypass() ? wanted(local.size()) : Node.Mode.CACHED;
        return count(node, null, local, false, mode);
      }
      if (!locator.refresh(node) || !(node.found instanceof Found.Remote)) {
        throw stale(node);
      }
    }
    return readingRemote(node, ((Found.Remote) node.found).file());
  }

  /**
   * Where the same content lies by now: an update of ours that ended a moment ago gave it another
   * ETag or name, and the cache has it under those only.
   *
   * @return null where that did not change
   */
  private RemoteFile moved(Node node, RemoteFile told) {
    boolean other =
        locator.refresh(node)
            && node.found instanceof Found.Remote now
            && !(now.file().blob().equals(told.blob())
                && now.file().version().equals(told.version()));
    return other ? ((Found.Remote) node.found).file() : null;
  }

  private Node.Mode wanted(long length) {
    return passthrough && length > CACHED_UP_TO ? Node.Mode.PASSTHROUGH : Node.Mode.CACHED;
  }

  private OpenFile readingRemote(Node node, RemoteFile told) throws IOException {
    RemoteFile file = told;
    CachedFile cached = node.volume().cache().open(file.blob(), file.version());
    for (RemoteFile now; !cached.whole() && (now = moved(node, file)) != null; file = now) {
      cached.close();
      cached = node.volume().cache().open(now.blob(), now.version());
    }
    if (!cached.whole() && file.archived()) {
      cached.close();
      node.volume().checkReadable(file);
    }
    Node.Mode wanted = cached.whole() ? wanted(file.version().length()) : Node.Mode.CACHED;
    boolean becameWhole = wanted == Node.Mode.PASSTHROUGH && node.onlyCachedReaders();
    boolean unfit = node.isPassthrough() && !cached.whole();
    if (becameWhole || unfit) {
      cached.close();
      locator.nodes().detach(node);
      throw stale(node);
    }
    OpenFile opened = count(node, cached, null, false, wanted);
    if (node.attached) {
      node.volume().siblings().opened(node.parent.path(), node.part, file, cached.whole());
    }
    return opened;
  }

  /**
   * What is to be changed: a local file with a writable open counted, or what the service has. One
   * that is committed at this moment is looked up again: it is the same content. Where all content
   * is replaced and nobody has it open, another version is as good.
   */
  private Found content(Node node, boolean truncate) throws IOException {
    LocalFile committed = null;
    while (true) {
      boolean still = locator.refresh(node);
      Found found = still ? node.found : truncate ? replaceable(node) : null;
      if (found instanceof Found.Local l && l.file() != committed) {
        if (l.file().opened(true)) {
          return found;
        }
        committed = l.file();
      } else if (found instanceof Found.Remote) {
        return found;
      } else {
        throw stale(node);
      }
    }
  }

  /** Another version of the file at a node's name; null where the node is open or has no name. */
  private Found replaceable(Node node) {
    Known known = !node.attached || node.isOpen() ? null : locator.peek(node.parent, node.part);
    boolean sameType =
        known != null
            && known.found() instanceof Found.Remote
            && known.found().type() == node.found.type();
    return sameType ? known.found() : null;
  }

  private boolean isWhole(Node node, RemoteFile told) throws IOException {
    for (RemoteFile file = told; file != null; file = moved(node, file)) {
      if (node.volume().cache().isWhole(file.blob(), file.version())) {
        return true;
      }
    }
    return false;
  }

  private OpenFile count(
      Node node, CachedFile cached, LocalFile local, boolean writable, Node.Mode wanted) {
    node.opened(local, writable, wanted);
    return new OpenFile(node, cached, local, writable, locator.nodes());
  }

  /** Opens a file that was created a moment ago with one writable open counted. */
  OpenFile created(Node node, LocalFile local) {
    return count(node, null, local, true, writableMode(local));
  }

  /** Of a write that goes past the daemon it would not learn that it takes set-id bits away. */
  private Node.Mode writableMode(LocalFile local) {
    boolean setId = (local.mode() & SET_IDS) != 0;
    return passthrough && !setId && local.mayBypass() ? Node.Mode.PASSTHROUGH : Node.Mode.CACHED;
  }

  /**
   * Opens a file for change: the local file it is already, an empty one, or its whole content taken
   * out of the cache, for which what is missing is fetched first.
   *
   * @param truncate whether it is emptied
   * @param byHandle whether an application will have it open; else it is for one change by name
   */
  void forWriting(Node node, boolean truncate, boolean byHandle, Reply<OpenFile> reply)
      throws IOException {
    node.volume().checkWritable();
    if (byHandle) {
      node.volume().dirtyLimit().admit(reply, () -> writing(node, truncate, true, null, reply));
    } else {
      writing(node, truncate, false, null, reply);
    }
  }

  private void writing(
      Node node, boolean truncate, boolean byHandle, CachedFile fetched, Reply<OpenFile> reply)
      throws IOException {
    CachedFile missing = null;
    OpenFile opened = null;
    ReentrantLock lock = node.volume().changes();
    lock.lock();
    try {
      LocalFile local = takenOut(node, truncate, fetched);
      if (local != null) {
        opened = counted(node, local, truncate, byHandle);
      } else {
        RemoteFile file = ((Found.Remote) node.found).file();
        if (fetched != null && fetched.version().equals(file.version())) {
          throw new AzcpException(Errno.EIO, file.blob() + " was fetched and is not whole; retry");
        }
        node.volume().checkReadable(file);
        missing = node.volume().cache().open(file.blob(), file.version());
      }
    } finally {
      lock.unlock();
      if (fetched != null) {
        fetched.close();
      }
    }
    if (opened != null) {
      reply.ok(opened);
    } else {
      fetch(node, truncate, byHandle, missing, reply);
    }
  }

  private OpenFile counted(Node node, LocalFile local, boolean truncate, boolean byHandle)
      throws IOException {
    try {
      if (truncate && local.size() > 0) {
        local.truncate(0);
      }
    } catch (IOException e) {
      local.released(true);
      throw e;
    }
    return count(node, null, local, true, byHandle ? writableMode(local) : Node.Mode.CACHED);
  }

  private void fetch(
      Node node, boolean truncate, boolean byHandle, CachedFile missing, Reply<OpenFile> reply) {
    missing.willBeChanged();
    missing.ensure(
        0,
        missing.version().length(),
        true,
        new CachedFile.FaultListener() {
          @Override
          public void ready() {
            Replies.guard(reply, () -> writing(node, truncate, byHandle, missing, reply));
          }

          @Override
          public void failed(AzcpException reason) {
            missing.close();
            reply.fail(Replies.errno(reason));
          }
        });
  }

  /**
   * The local file of a node with a writable open counted; null when content must be fetched first.
   */
  private LocalFile takenOut(Node node, boolean truncate, CachedFile fetched) throws IOException {
    LocalFile open = node.openLocal();
    if (open != null && open.opened(true)) {
      return open;
    }
    Found found = content(node, truncate);
    if (found instanceof Found.Local l) {
      return l.file();
    }
    RemoteFile file = ((Found.Remote) found).file();
    if (truncate && !node.isOpen()) {
      node.volume().checkReadable(file);
      PosixAttributes a = file.attributes();
      PosixAttributes now = a.writtenAt(Clocks.wallNanos());
      return local(node, node.volume().writeback().create(node.path(), now, file, false));
    }
    if (truncate && !isWhole(node, file)) {
      locator.nodes().detach(node);
      throw stale(node);
    }
    // What was moved meanwhile is taken out under the name it has now.
    file = ((Found.Remote) node.found).file();
    return takeOut(node, file, fetched);
  }

  private LocalFile takeOut(Node node, RemoteFile file, CachedFile fetched) throws IOException {
    BlobVersion version = file.version();
    boolean usable = fetched != null && fetched.whole() && fetched.version().sameContent(version);
    CachedFile whole = usable ? fetched : node.volume().cache().open(file.blob(), version);
    try {
      if (!whole.whole()) {
        return null;
      }
      long inode = Files.fstat(whole.fd()).inode();
      LocalFile local = node.volume().writeback().takeOut(node.path(), file, whole);
      if (node.isOpen() && Files.fstat(local.backingFd()).inode() != inode) {
        locator.nodes().detach(node);
        local.released(true);
        throw stale(node);
      }
      return local(node, local);
    } finally {
      if (whole != fetched) {
        whole.close();
      }
    }
  }

  private LocalFile local(Node node, LocalFile local) {
    locator.nodes().update(node, new Found.Local(local));
    return local;
  }
}
