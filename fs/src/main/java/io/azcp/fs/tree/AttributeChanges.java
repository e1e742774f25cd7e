package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;

/** Reads and changes attributes: length, permissions, owner, times. Thread-safe. */
final class AttributeChanges {
  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int GROUP_EXECUTE = 0010;

  private final Locator locator;
  private final Opens opens;
  private final Handles<OpenFile> handles;

  AttributeChanges(Locator locator, Opens opens, Handles<OpenFile> handles) {
    this.locator = locator;
    this.opens = opens;
    this.handles = handles;
  }

  void get(long id, Reply<Attributes> reply) throws IOException {
    Node node = locator.node(id);
    boolean current = locator.refresh(node);
    Volume volume = node.volume();
    boolean expired =
        volume != null
            && current
            && node.attached
            && !node.isVolumeRoot()
            && node.freshUntil - volume.now() <= 0
            && Stats.local(node) == null;
    if (!expired) {
      reply.ok(Stats.of(node));
      return;
    }
    locator.find(
        node.parent,
        node.part,
        Replies.then(
            reply,
            known -> {
              locator.refresh(node);
              reply.ok(Stats.of(node));
            }));
  }

  void set(long id, long handle, SetAttributes change, Reply<Attributes> reply) throws IOException {
    Node node = locator.node(id);
    if (node.volume() == null) {
      throw new AzcpException(Errno.EROFS, "a directory that only leads to rules cannot change");
    }
    node.volume().checkWritable();
    if (change.size() == null) {
      attributes(node, change);
      reply.ok(Stats.of(node));
      return;
    }
    if (node.isDirectory()) {
      throw new AzcpException(Errno.EISDIR, node.path() + " is a directory");
    }
    OpenFile open = handles.find(handle);
    if (open != null && open.writable() && open.enter()) {
      try {
        open.local().truncate(change.size());
        attributes(node, change);
      } finally {
        open.leave();
      }
      reply.ok(Stats.of(node));
    } else {
      truncate(node, change, reply);
    }
  }

  /** Takes the set-user-id bit, and the set-group-id bit of a program, from a file. */
  void dropSetIds(long id) throws IOException {
    Node node = locator.node(id);
    if (node.isDirectory()) {
      return;
    }
    LocalFile local = Stats.local(node);
    int mode = local == null ? node.found.mode() : local.mode();
    int left = mode & ~SET_USER_ID;
    if ((mode & GROUP_EXECUTE) != 0) {
      left &= ~SET_GROUP_ID;
    }
    if (left != mode) {
      int kept = left & ~Stat.TYPE_MASK;
      attributes(node, new SetAttributes(kept, null, null, null, null, null));
    }
  }

  private void truncate(Node node, SetAttributes change, Reply<Attributes> reply)
      throws IOException {
    long size = change.size();
    opens.forWriting(
        node,
        size == 0,
        false,
        Replies.then(
            reply,
            file -> {
              try {
                if (size != 0) {
                  file.local().truncate(size);
                }
                attributes(node, change);
              } catch (IOException e) {
                file.release();
                throw e;
              }
              file.local().flush(failure -> truncated(file, failure, reply));
            }));
  }

  private static void truncated(OpenFile file, AzcpException failure, Reply<Attributes> reply) {
    Replies.guard(
        reply,
        () -> {
          try {
            if (failure != null) {
              throw failure;
            }
            reply.ok(Stats.of(file.node()));
          } finally {
            file.release();
          }
        });
  }

  private void attributes(Node node, SetAttributes change) throws IOException {
    boolean nothing =
        change.mode() == null
            && change.uid() == null
            && change.gid() == null
            && change.atimeNanos() == null
            && change.mtimeNanos() == null;
    if (!nothing) {
      change(node, was -> changed(was, change));
      if (change.mtimeNanos() != null) {
        node.volume().directoryTimes().forget(node.path());
      }
    }
  }

  /** Changes what a file or directory carries besides its content. */
  void change(Node node, LocalFile.AttributeChange change) throws IOException {
    node.volume().changes().lock();
    try {
      locator.refresh(node);
      LocalFile local = Stats.local(node);
      if (local != null) {
        local.setAttributes(change);
      } else if (node.found instanceof Found.Remote r) {
        remote(node, r, change);
      } else {
        directory(node, (Found.Directory) node.found, change);
      }
    } finally {
      node.volume().changes().unlock();
    }
  }

  private void remote(Node node, Found.Remote was, LocalFile.AttributeChange change)
      throws IOException {
    if (!node.attached) {
      throw new AzcpException(Errno.ESTALE, node.part + " was removed or replaced");
    }
    RemoteFile file = was.file();
    PosixAttributes now = change.of(file.attributes());
    node.volume().writeback().setAttributes(node.path(), file, now);
    RemoteFile told =
        new RemoteFile(
            file.blob(), file.version(), now, file.metadata(), file.contentType(), file.tier());
    node.found = new Found.Remote(told, was.fileId());
    locator.refresh(node);
  }

  /** A directory without a marker gets one; the top of a volume has no place to keep them. */
  private void directory(Node node, Found.Directory was, LocalFile.AttributeChange change)
      throws IOException {
    String name = node.path();
    PosixAttributes now = change.of(node.volume().directoryTimes().applied(name, was.attributes()));
    if (!node.isVolumeRoot() && node.junction() == null) {
      boolean made =
          node.volume().writeback().overlay(name).orElse(null) instanceof OverlayEntry.Directory;
      if (made || was.marker() != null) {
        node.volume().writeback().setAttributes(name, was.marker(), now);
      } else {
        node.volume().writeback().mkdir(name, now);
        node.volume().finder().made(name);
      }
    }
    node.found = new Found.Directory(now, was.marker());
  }

  /** The same with the ctime of now. */
  static PosixAttributes touched(PosixAttributes now) {
    return now.withTimes(now.mtimeNanos(), now.atimeNanos(), Clocks.wallNanos());
  }

  private static PosixAttributes changed(PosixAttributes was, SetAttributes change) {
    return was.withMode(
            change.mode() == null ? was.mode() : was.type() | (change.mode() & ~Stat.TYPE_MASK))
        .withOwner(
            change.uid() == null ? was.uid() : change.uid(),
            change.gid() == null ? was.gid() : change.gid())
        .withTimes(
            change.mtimeNanos() == null ? was.mtimeNanos() : change.mtimeNanos(),
            change.atimeNanos() == null ? was.atimeNanos() : change.atimeNanos(),
            Clocks.wallNanos());
  }
}
