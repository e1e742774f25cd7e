package io.azcp.fs.tree;

import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Native;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.ReadReply;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.fuse.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Uses a tree as the kernel does, by paths: looks every part up anew, answers ESTALE with one more
 * look-up, gives every look-up back.
 */
final class MountedTree {
  static final Caller CALLER = new Caller(1000, 1000, 1);

  /** The kernel tries a call again once, with every part of its path looked up anew. */
  private static final int ATTEMPTS = 2;

  final Tree tree;

  MountedTree(Tree tree) {
    this.tree = tree;
  }

  /** A call failed with an errno. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1;
    final Errno errno;

    Failed(Errno errno) {
      super(errno.name());
      this.errno = errno;
    }

    Failed(Errno errno, String path) {
      super(errno.name() + " for " + path);
      this.errno = errno;
    }
  }

  private static byte[] pread(int fd, long offset, int length) throws IOException {
    ByteBuffer buffer = Native.buffer(length);
    int n;
    do {
      n = Fd.pread(fd, buffer, offset + buffer.position());
    } while (n > 0 && buffer.hasRemaining());
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }

  static <T> T await(Consumer<Reply<T>> call) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    call.accept(
        new Reply<>() {
          @Override
          public void ok(T value) {
            if (!answer.complete(value)) {
              throw new IllegalStateException("answered twice");
            }
          }

          @Override
          public void fail(Errno errno) {
            if (!answer.completeExceptionally(new Failed(errno))) {
              throw new IllegalStateException("answered twice");
            }
          }
        });
    return get(answer);
  }

  static <T> T get(CompletableFuture<T> answer) {
    try {
      return answer.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Failed f ? f : new IllegalStateException(e);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The entry of a path; its look-up is to be given back. Absent names fail with ENOENT. */
  Entry lookup(String path) {
    long node = FileSystemPort.ROOT;
    Entry entry = null;
    for (String part : path.split("/", -1)) {
      long parent = node;
      Entry above = entry;
      try {
        entry = await(r -> tree.lookup(CALLER, parent, bytes(part), r));
      } finally {
        if (above != null) {
          tree.forget(above.node(), 1);
        }
      }
      if (entry.node() == 0) {
        throw new Failed(Errno.ENOENT, path);
      }
      node = entry.node();
    }
    return entry;
  }

  /** Does something with the node of a path. */
  <T> T at(String path, java.util.function.LongFunction<T> use) {
    for (int attempt = 1; ; attempt++) {
      Entry entry = path.isEmpty() ? null : lookup(path);
      try {
        return use.apply(entry == null ? FileSystemPort.ROOT : entry.node());
      } catch (Failed e) {
        if (e.errno != Errno.ESTALE || attempt == ATTEMPTS) {
          throw e;
        }
      } finally {
        if (entry != null) {
          tree.forget(entry.node(), 1);
        }
      }
    }
  }

  private <T> T below(String path, java.util.function.LongFunction<T> use) {
    return at(
        Paths.parent(path),
        n -> {
          Attributes parent = await(r -> tree.getattr(n, -1, r));
          if ((parent.mode() & Stat.TYPE_MASK) != Stat.DIRECTORY) {
            throw new Failed(Errno.ENOTDIR);
          }
          return use.apply(n);
        });
  }

  private static byte[] name(String path) {
    return bytes(Paths.part(path));
  }

  Attributes stat(String path) {
    return at(path, n -> MountedTree.<Attributes>await(r -> tree.getattr(n, -1, r)));
  }

  boolean exists(String path) {
    try {
      stat(path);
      return true;
    } catch (Failed e) {
      if (e.errno != Errno.ENOENT) {
        throw e;
      }
      return false;
    }
  }

  Opened open(String path, int flags) {
    return at(path, n -> MountedTree.<Opened>await(r -> tree.open(CALLER, n, flags, r)));
  }

  Opened create(String path, int flags) {
    return below(
        path,
        n -> {
          FileSystemPort.Created c = await(r -> tree.create(CALLER, n, name(path), flags, 0644, r));
          tree.forget(c.entry().node(), 1);
          return c.opened();
        });
  }

  byte[] read(Opened file, long offset, int length) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    tree.read(
        0,
        file.handle(),
        offset,
        length,
        new ReadReply() {
          @Override
          public void file(int fd, long at, int count) {
            try {
              answer.complete(pread(fd, at, count));
            } catch (IOException e) {
              answer.completeExceptionally(e);
            }
          }

          @Override
          public void data(ByteBuffer data) {
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            answer.complete(copy);
          }

          @Override
          public void fail(Errno errno) {
            answer.completeExceptionally(new Failed(errno));
          }
        });
    return get(answer);
  }

  String text(Opened file) {
    return new String(read(file, 0, 1 << 20), StandardCharsets.UTF_8);
  }

  void write(Opened file, long offset, String text) {
    ByteBuffer data = ByteBuffer.wrap(bytes(text));
    MountedTree.<Integer>await(r -> tree.write(0, file.handle(), offset, data, r));
  }

  void close(Opened file) {
    MountedTree.<Void>await(r -> tree.flush(0, file.handle(), r));
    MountedTree.<Void>await(r -> tree.release(0, file.handle(), r));
  }

  String readFile(String path) {
    Opened file = open(path, 0);
    try {
      return text(file);
    } finally {
      close(file);
    }
  }

  void writeFile(String path, String text) {
    Opened file = create(path, 01 | 0100 | 01000);
    write(file, 0, text);
    close(file);
  }

  void mkdir(String path) {
    Entry made =
        below(path, n -> MountedTree.<Entry>await(r -> tree.mkdir(CALLER, n, name(path), 0755, r)));
    tree.forget(made.node(), 1);
  }

  void symlink(String path, String target) {
    Entry made =
        below(
            path,
            n ->
                MountedTree.<Entry>await(
                    r -> tree.symlink(CALLER, n, name(path), bytes(target), r)));
    tree.forget(made.node(), 1);
  }

  void unlink(String path) {
    below(path, n -> MountedTree.<Void>await(r -> tree.unlink(n, name(path), r)));
  }

  void rmdir(String path) {
    below(path, n -> MountedTree.<Void>await(r -> tree.rmdir(n, name(path), r)));
  }

  void rename(String from, String to, int flags) {
    below(
        from,
        n ->
            below(
                to,
                m ->
                    MountedTree.<Void>await(
                        r -> tree.rename(n, name(from), m, name(to), flags, r))));
  }

  void setattr(String path, SetAttributes change) {
    at(path, n -> MountedTree.<Attributes>await(r -> tree.setattr(CALLER, n, -1, change, r)));
  }

  String readlink(String path) {
    return new String(
        at(path, n -> MountedTree.<byte[]>await(r -> tree.readlink(n, r))), StandardCharsets.UTF_8);
  }

  String xattr(String path, String name) {
    return new String(
        at(path, n -> MountedTree.<byte[]>await(r -> tree.getxattr(n, bytes(name), r))),
        StandardCharsets.UTF_8);
  }

  void setxattr(String path, String name, String value, int flags) {
    at(
        path,
        n -> MountedTree.<Void>await(r -> tree.setxattr(n, bytes(name), bytes(value), flags, r)));
  }

  void removexattr(String path, String name) {
    at(path, n -> MountedTree.<Void>await(r -> tree.removexattr(n, bytes(name), r)));
  }

  /** The names of the extended attributes, each followed by a zero. */
  String xattrs(String path) {
    return new String(
        at(path, n -> MountedTree.<byte[]>await(r -> tree.listxattr(n, r))),
        StandardCharsets.UTF_8);
  }

  void mknod(String path, int mode, int device) {
    Entry made =
        below(
            path,
            n -> MountedTree.<Entry>await(r -> tree.mknod(CALLER, n, name(path), mode, device, r)));
    tree.forget(made.node(), 1);
  }

  long opendir(String path) {
    return at(path, n -> MountedTree.<Long>await(r -> tree.opendir(n, r)));
  }

  void releasedir(long handle) {
    MountedTree.<Void>await(r -> tree.releasedir(0, handle, r));
  }

  /** Reads up to so many entries; answers where the next go on, 0 behind the last. */
  private long readdir(long handle, long cookie, int count, boolean plus, List<String> names) {
    long[] next = {cookie};
    MountedTree.<Void>await(
        r -> tree.readdir(0, handle, cookie, new Sink(names, next, count, plus), r));
    return next[0] == cookie ? 0 : next[0];
  }

  long readdir(long handle, long cookie, int count, List<String> names) {
    return readdir(handle, cookie, count, true, names);
  }

  /** The names of a directory in the order of its reading, {@code .} and {@code ..} left out. */
  List<String> list(String path, int perCall, boolean plus) {
    long handle = opendir(path);
    List<String> names = new ArrayList<>();
    try {
      long next = 0;
      do {
        next = readdir(handle, next, perCall, plus, names);
      } while (next != 0);
    } finally {
      releasedir(handle);
    }
    names.removeAll(List.of(".", ".."));
    return names;
  }

  List<String> list(String path) {
    return list(path, 7, true).stream().sorted().toList();
  }

  private final class Sink implements DirectorySink {
    private final List<String> names;
    private final long[] cookie;
    private final boolean plus;
    private int room;

    Sink(List<String> names, long[] cookie, int room, boolean plus) {
      this.names = names;
      this.cookie = cookie;
      this.room = room;
      this.plus = plus;
    }

    @Override
    public boolean plus() {
      return plus;
    }

    @Override
    public boolean add(byte[] name, long next, long inode, int mode, Entry entry) {
      if (room-- == 0) {
        return false;
      }
      names.add(new String(name, StandardCharsets.UTF_8));
      cookie[0] = next;
      if (entry != null) {
        tree.forget(entry.node(), 1);
      }
      return true;
    }
  }
}
