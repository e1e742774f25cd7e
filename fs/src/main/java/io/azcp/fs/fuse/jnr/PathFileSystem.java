package io.azcp.fs.fuse.jnr;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.fuse.StatFs;
import io.azcp.fs.fuse.jnr.PathPages.Way;
import java.time.Duration;

/**
 * The operations of libfuse 2 on paths, each as calls of the port whose answers are awaited. What
 * jnr-fuse's structures have to do with it is {@link LibFuse2}'s. Thread-safe.
 *
 * <p>libfuse renames a file that is unlinked while open to {@code .fuse_hidden…} and unlinks that
 * at its last close. The port keeps open files itself, so such a rename becomes the unlink that was
 * meant, and only this class remembers the hidden name.
 */
final class PathFileSystem {
  private static final String HIDDEN = ".fuse_hidden";

  private final FileSystemPort port;
  private final Duration limit;
  private final PathTable paths;
  private final PathPages pages;
  private final OpenFiles open;

  /**
   * Operations on a port.
   *
   * @param limit how long an answer is waited for
   * @param sizeNanos how long the kernel remembers a size
   */
  PathFileSystem(FileSystemPort port, Duration limit, long sizeNanos) {
    this.port = port;
    this.limit = limit;
    paths = new PathTable(port, limit);
    pages = new PathPages(sizeNanos);
    open = new OpenFiles(port, paths, pages, limit);
  }

  OpenFiles open() {
    return open;
  }

  PathTable paths() {
    return paths;
  }

  @FunctionalInterface
  private interface NodeCall<T> {
    T on(long node) throws Refusal;
  }

  /** Calls on the node at the path; one that has become stale is looked up again, once. */
  private <T> T at(Caller caller, String path, NodeCall<T> call) throws Refusal {
    try {
      return once(caller, path, call);
    } catch (Refusal e) {
      if (e.errno() != Errno.ESTALE) {
        throw e;
      }
      paths.forget(path);
      return once(caller, path, call);
    }
  }

  private <T> T once(Caller caller, String path, NodeCall<T> call) throws Refusal {
    PathTable.Pin pin = paths.acquire(caller, path);
    try {
      return call.on(pin.node);
    } finally {
      paths.release(pin);
    }
  }

  Attributes getattr(Caller caller, String path) throws Refusal {
    return at(
        caller,
        path,
        node -> {
          Await<Attributes> answer = new Await<>();
          port.getattr(node, -1, answer);
          Attributes told = answer.get(limit);
          pages.seen(path, node);
          return told;
        });
  }

  Attributes getattr(long number) throws Refusal {
    OpenFile file = open.get(number);
    Await<Attributes> answer = new Await<>();
    port.getattr(file.node(), file.handle(), answer);
    return answer.get(limit);
  }

  void setattr(Caller caller, String path, SetAttributes change) throws Refusal {
    at(caller, path, node -> setattr(caller, node, -1, change));
  }

  void setattr(Caller caller, long number, SetAttributes change) throws Refusal {
    OpenFile file = open.get(number);
    setattr(caller, file.node(), file.handle(), change);
  }

  private Attributes setattr(Caller caller, long node, long handle, SetAttributes change)
      throws Refusal {
    Await<Attributes> answer = new Await<>();
    port.setattr(caller, node, handle, change, answer);
    return answer.get(limit);
  }

  byte[] readlink(Caller caller, String path) throws Refusal {
    return at(
        caller,
        path,
        node -> {
          Await<byte[]> answer = new Await<>();
          port.readlink(node, answer);
          return answer.get(limit);
        });
  }

  /** A call that makes a name. */
  @FunctionalInterface
  private interface NameCall {
    void on(long parent, byte[] name, Reply<Entry> reply);
  }

  private void make(Caller caller, String path, NameCall call) throws Refusal {
    Entry made =
        at(
            caller,
            PathTable.parentOf(path),
            parent -> {
              Await<Entry> answer = new Await<>(entry -> port.forget(entry.node(), 1));
              call.on(parent, PathTable.bytes(PathTable.nameOf(path)), answer);
              return answer.get(limit);
            });
    port.forget(made.node(), 1);
  }

  void mkdir(Caller caller, String path, int mode) throws Refusal {
    make(caller, path, (parent, name, reply) -> port.mkdir(caller, parent, name, mode, reply));
  }

  void mknod(Caller caller, String path, int mode, int device) throws Refusal {
    make(
        caller,
        path,
        (parent, name, reply) -> port.mknod(caller, parent, name, mode, device, reply));
  }

  void symlink(Caller caller, String target, String path) throws Refusal {
    byte[] to = PathTable.bytes(target);
    make(caller, path, (parent, name, reply) -> port.symlink(caller, parent, name, to, reply));
  }

  void unlink(Caller caller, String path) throws Refusal {
    if (!paths.unhide(path)) {
      remove(caller, path, port::unlink);
    }
  }

  void rmdir(Caller caller, String path) throws Refusal {
    remove(caller, path, port::rmdir);
  }

  @FunctionalInterface
  private interface RemoveCall {
    void on(long parent, byte[] name, Reply<Void> reply);
  }

  private void remove(Caller caller, String path, RemoveCall call) throws Refusal {
    try {
      at(
          caller,
          PathTable.parentOf(path),
          parent -> {
            Await<Void> answer = new Await<>();
            call.on(parent, PathTable.bytes(PathTable.nameOf(path)), answer);
            return answer.get(limit);
          });
      pages.removed(path);
    } finally {
      paths.forget(path);
    }
  }

  void rename(Caller caller, String from, String to) throws Refusal {
    if (PathTable.nameOf(to).startsWith(HIDDEN) && hide(caller, from, to)) {
      return;
    }
    renameThere(caller, from, to);
    pages.renamed(from, to);
  }

  private void renameThere(Caller caller, String from, String to) throws Refusal {
    PathTable.Pin target = paths.acquire(caller, PathTable.parentOf(to));
    try {
      at(
          caller,
          PathTable.parentOf(from),
          parent -> {
            Await<Void> answer = new Await<>();
            byte[] name = PathTable.bytes(PathTable.nameOf(from));
            byte[] newName = PathTable.bytes(PathTable.nameOf(to));
            port.rename(parent, name, target.node, newName, 0, answer);
            return answer.get(limit);
          });
    } finally {
      paths.release(target);
      paths.forget(from);
      paths.forget(to);
    }
  }

  /** Whether the path was open, and was unlinked. */
  private boolean hide(Caller caller, String from, String to) throws Refusal {
    PathTable.Pin pin = paths.acquire(caller, from);
    try {
      if (!open.has(pin.node)) {
        return false;
      }
      paths.hide(to, pin);
      pages.renamed(from, to);
      try {
        remove(caller, from, port::unlink);
      } catch (Refusal e) {
        paths.unhide(to);
        throw e;
      }
      return true;
    } finally {
      paths.release(pin);
    }
  }

  /**
   * What an open gave.
   *
   * @param number for libfuse to keep
   * @param way how it is served
   */
  record Handle(long number, Way way) {}

  Handle open(Caller caller, String path, int flags) throws Refusal {
    return at(
        caller,
        path,
        node -> {
          Await<Opened> answer =
              new Await<>(late -> port.release(node, late.handle(), OpenFiles.ignored()));
          port.open(caller, node, flags, answer);
          return number(caller, path, node, answer.get(limit));
        });
  }

  private Handle number(Caller caller, String path, long node, Opened opened) throws Refusal {
    PathTable.Pin pin;
    try {
      pin = paths.acquire(caller, path);
    } catch (Refusal e) {
      port.release(node, opened.handle(), OpenFiles.ignored());
      throw e;
    }
    if (pin.node != node) {
      // Another file took the name since; the next attempt opens that one.
      paths.release(pin);
      port.release(node, opened.handle(), OpenFiles.ignored());
      throw new Refusal(Errno.ESTALE);
    }
    return handle(path, pin, opened);
  }

  private Handle handle(String path, PathTable.Pin pin, Opened opened) {
    PathPages.Open kept = pages.opened(path, pin.node);
    Way way = kept.way() == Way.KEEP && !opened.keepCache() ? Way.FRESH : kept.way();
    return new Handle(open.addFile(pin, opened.handle(), kept), way);
  }

  Handle create(Caller caller, String path, int flags, int mode) throws Refusal {
    int plain = flags & ~Fd.O_CREAT;
    return at(
        caller,
        PathTable.parentOf(path),
        parent -> {
          long before = paths.changes();
          Await<FileSystemPort.Created> answer = new Await<>(this::undoCreate);
          byte[] name = PathTable.bytes(PathTable.nameOf(path));
          port.create(caller, parent, name, plain, mode, answer);
          FileSystemPort.Created created = answer.get(limit);
          PathTable.Pin pin = paths.adopt(path, created.entry(), before);
          return handle(path, pin, created.opened());
        });
  }

  private void undoCreate(FileSystemPort.Created late) {
    port.release(late.entry().node(), late.opened().handle(), OpenFiles.ignored());
    port.forget(late.entry().node(), 1);
  }

  /** The mount has ended: what is still open is released, and all lookups are given back. */
  void end() {
    open.releaseAll();
    paths.close();
  }

  long opendir(Caller caller, String path) throws Refusal {
    PathTable.Pin pin = paths.acquire(caller, path);
    try {
      Await<Long> answer =
          new Await<>(late -> port.releasedir(pin.node, late, OpenFiles.ignored()));
      port.opendir(pin.node, answer);
      return open.addDirectory(pin, answer.get(limit));
    } catch (Refusal e) {
      paths.release(pin);
      throw e;
    }
  }

  /** Fills one answer of libfuse; the sink says when it is full. */
  void readdir(long number, long cookie, DirectorySink sink) throws Refusal {
    open.call(number, (p, node, handle, reply) -> p.readdir(node, handle, cookie, sink, reply));
  }

  StatFs statfs() throws Refusal {
    Await<StatFs> answer = new Await<>();
    port.statfs(answer);
    return answer.get(limit);
  }

  byte[] getxattr(Caller caller, String path, String name) throws Refusal {
    return at(
        caller,
        path,
        node -> {
          Await<byte[]> answer = new Await<>();
          port.getxattr(node, PathTable.bytes(name), answer);
          return answer.get(limit);
        });
  }

  byte[] listxattr(Caller caller, String path) throws Refusal {
    return at(
        caller,
        path,
        node -> {
          Await<byte[]> answer = new Await<>();
          port.listxattr(node, answer);
          return answer.get(limit);
        });
  }

  void setxattr(Caller caller, String path, String name, byte[] value, int flags) throws Refusal {
    at(
        caller,
        path,
        node -> {
          Await<Void> answer = new Await<>();
          port.setxattr(node, PathTable.bytes(name), value, flags, answer);
          return answer.get(limit);
        });
  }

  void removexattr(Caller caller, String path, String name) throws Refusal {
    at(
        caller,
        path,
        node -> {
          Await<Void> answer = new Await<>();
          port.removexattr(node, PathTable.bytes(name), answer);
          return answer.get(limit);
        });
  }
}
