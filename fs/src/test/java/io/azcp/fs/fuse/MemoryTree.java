package io.azcp.fs.fuse;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Files;
import io.azcp.base.posix.PosixException;
import io.azcp.base.posix.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A small file system for tests of bindings: names in memory, contents in real files of a folder,
 * so that passthrough has something to pass to. Files from {@link #PASSTHROUGH_FROM} bytes on name
 * their backing file.
 *
 * <p>Names choose faults: reads of {@code slow-*} and opens of {@code late-*} are answered by
 * another thread once the test calls {@link #letGo}, reads of {@code never-*} never, {@code
 * throws-*} throws, {@code twice-*} answers twice; {@code stale-*} answers its first open with
 * ESTALE.
 *
 * <p>Longer than other classes because the port is one interface.
 */
public final class MemoryTree implements FileSystemPort, AutoCloseable {
  /** Smaller files are served by reads. */
  public static final long PASSTHROUGH_FROM = 128 << 10;

  private static final int SET_IDS = 06000;

  private final Path folder;
  private final Map<Long, MemoryNode> nodes = new HashMap<>();
  private final Map<Long, List<Item>> listings = new HashMap<>();
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> letGo = new CompletableFuture<>();
  private long lastId = ROOT;
  private long lastHandle;

  private record Item(String name, MemoryNode node) {}

  /** An empty tree whose contents lie in the folder. */
  public MemoryTree(Path folder) {
    this.folder = folder;
    MemoryNode root =
        new MemoryNode(ROOT, null, Stat.DIRECTORY | 0755, new Caller(0, 0, 0), folder);
    root.children = new LinkedHashMap<>();
    nodes.put(ROOT, root);
  }

  /** How often an operation was called. */
  public int calls(String operation) {
    AtomicInteger count = calls.get(operation);
    return count == null ? 0 : count.get();
  }

  /** Lookups of all nodes that were not taken back. */
  public synchronized long lookups() {
    return nodes.values().stream().mapToLong(n -> n.lookups).sum();
  }

  /** Opens that were not released. */
  public synchronized int opens() {
    return nodes.values().stream().mapToInt(n -> n.opens).sum();
  }

  /** The node of a name in the root. */
  public synchronized long nodeOf(String name) {
    return nodes.get(ROOT).children.get(name).id;
  }

  /** Fills a new directory of the root with empty files. */
  public synchronized void populate(String directory, int files) {
    Caller root = new Caller(0, 0, 0);
    MemoryNode dir = add(nodes.get(ROOT), directory, Stat.DIRECTORY | 0755, root);
    for (int i = 0; i < files; i++) {
      add(dir, "file-" + i, Stat.REGULAR | 0644, root);
    }
  }

  /** Answers what was held back, and from now on holds nothing back. */
  public void letGo() {
    letGo.complete(null);
  }

  private void later(Runnable work) {
    var unused = letGo.thenRunAsync(work);
  }

  private static String text(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  private MemoryNode add(MemoryNode parent, String name, int mode, Caller caller) {
    MemoryNode node = new MemoryNode(++lastId, parent, mode, caller, folder);
    if ((mode & Stat.TYPE_MASK) == Stat.DIRECTORY) {
      node.children = new LinkedHashMap<>();
    }
    nodes.put(node.id, node);
    parent.children.put(name, node);
    touch(parent);
    return node;
  }

  private static void touch(MemoryNode directory) {
    directory.modified = MemoryNode.now();
    directory.changed = directory.modified;
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws MemoryNode.Failure, AzcpException;
  }

  private <T> void answer(String operation, Reply<T> reply, Work<T> work) {
    calls.computeIfAbsent(operation, k -> new AtomicInteger()).incrementAndGet();
    T value;
    try {
      synchronized (this) {
        value = work.run();
      }
    } catch (MemoryNode.Failure e) {
      reply.fail(e.errno);
      return;
    } catch (AzcpException e) {
      reply.fail(e.errno());
      return;
    }
    reply.ok(value);
  }

  private MemoryNode node(long id) throws MemoryNode.Failure {
    MemoryNode node = nodes.get(id);
    if (node == null) {
      throw new MemoryNode.Failure(Errno.ESTALE);
    }
    return node;
  }

  private MemoryNode directory(long id) throws MemoryNode.Failure {
    MemoryNode node = node(id);
    if (!node.isDirectory()) {
      throw new MemoryNode.Failure(Errno.ENOTDIR);
    }
    return node;
  }

  private MemoryNode child(MemoryNode directory, String name) throws MemoryNode.Failure {
    MemoryNode node = directory.children.get(name);
    if (node == null) {
      throw new MemoryNode.Failure(Errno.ENOENT);
    }
    return node;
  }

  private MemoryNode free(long parent, byte[] name) throws MemoryNode.Failure {
    MemoryNode directory = directory(parent);
    if (directory.unlinked) {
      throw new MemoryNode.Failure(Errno.ENOENT);
    }
    if (name.length > 255) {
      throw new MemoryNode.Failure(Errno.ENAMETOOLONG);
    }
    if (directory.children.containsKey(text(name))) {
      throw new MemoryNode.Failure(Errno.EEXIST);
    }
    return directory;
  }

  private Entry entry(MemoryNode node) throws PosixException {
    node.lookups++;
    return new Entry(node.id, node.attributes(), MemoryNode.TTL);
  }

  private String nameOf(MemoryNode node) {
    if (node.parent != null) {
      for (Map.Entry<String, MemoryNode> e : node.parent.children.entrySet()) {
        if (e.getValue() == node) {
          return e.getKey();
        }
      }
    }
    return "";
  }

  @Override
  public void lookup(Caller caller, long parent, byte[] name, Reply<Entry> reply) {
    answer(
        "lookup",
        reply,
        () -> {
          MemoryNode node = directory(parent).children.get(text(name));
          return node == null ? Entry.absent(MemoryNode.TTL) : entry(node);
        });
  }

  @Override
  public synchronized void forget(long id, long count) {
    calls.computeIfAbsent("forget", k -> new AtomicInteger()).incrementAndGet();
    MemoryNode node = nodes.get(id);
    if (node != null && id != ROOT) {
      node.lookups -= count;
      if (node.lookups < 0) {
        calls.computeIfAbsent("forgotten too often", k -> new AtomicInteger()).incrementAndGet();
      }
      dropUnlinked(node);
    }
  }

  private void dropUnlinked(MemoryNode node) {
    if (node.unlinked && node.lookups <= 0 && node.opens == 0) {
      nodes.remove(node.id);
    }
  }

  @Override
  public void getattr(long node, long handle, Reply<Attributes> reply) {
    answer("getattr", reply, () -> node(node).attributes());
  }

  @Override
  public void setattr(
      Caller caller, long id, long handle, SetAttributes change, Reply<Attributes> reply) {
    answer(
        "setattr",
        reply,
        () -> {
          MemoryNode node = node(id);
          if (change.mode() != null) {
            node.mode = (node.mode & Stat.TYPE_MASK) | change.mode();
          }
          node.uid = change.uid() == null ? node.uid : change.uid();
          node.gid = change.gid() == null ? node.gid : change.gid();
          if (change.size() != null) {
            node.withFile(() -> Fd.truncate(node.fd, change.size()));
          }
          if (change.atimeNanos() != null || change.mtimeNanos() != null) {
            node.setTimes(change);
          }
          node.changed = MemoryNode.now();
          return node.attributes();
        });
  }

  @Override
  public synchronized void dropSetIds(long id) {
    MemoryNode node = nodes.get(id);
    if (node != null && !node.isDirectory()) {
      node.mode &= ~SET_IDS;
    }
  }

  @Override
  public void readlink(long node, Reply<byte[]> reply) {
    answer("readlink", reply, () -> node(node).target);
  }

  @Override
  public void symlink(Caller caller, long parent, byte[] name, byte[] target, Reply<Entry> reply) {
    answer(
        "symlink",
        reply,
        () -> {
          MemoryNode node = add(free(parent, name), text(name), Stat.SYMLINK | 0777, caller);
          node.target = target;
          return entry(node);
        });
  }

  @Override
  public void mkdir(Caller caller, long parent, byte[] name, int mode, Reply<Entry> reply) {
    answer(
        "mkdir",
        reply,
        () -> entry(add(free(parent, name), text(name), Stat.DIRECTORY | mode, caller)));
  }

  @Override
  public void mknod(
      Caller caller, long parent, byte[] name, int mode, int device, Reply<Entry> reply) {
    answer(
        "mknod",
        reply,
        () -> {
          if ((mode & Stat.TYPE_MASK) != Stat.REGULAR) {
            throw new MemoryNode.Failure(Errno.EPERM);
          }
          return entry(add(free(parent, name), text(name), mode, caller));
        });
  }

  @Override
  public void unlink(long parent, byte[] name, Reply<Void> reply) {
    answer(
        "unlink",
        reply,
        () -> {
          MemoryNode directory = directory(parent);
          MemoryNode node = child(directory, text(name));
          if (node.isDirectory()) {
            throw new MemoryNode.Failure(Errno.EISDIR);
          }
          return remove(directory, text(name), node);
        });
  }

  @Override
  public void rmdir(long parent, byte[] name, Reply<Void> reply) {
    answer(
        "rmdir",
        reply,
        () -> {
          MemoryNode directory = directory(parent);
          MemoryNode node = directory(child(directory, text(name)).id);
          if (!node.children.isEmpty()) {
            throw new MemoryNode.Failure(Errno.ENOTEMPTY);
          }
          return remove(directory, text(name), node);
        });
  }

  private Void remove(MemoryNode directory, String name, MemoryNode node) throws PosixException {
    directory.children.remove(name);
    touch(directory);
    node.unlinked = true;
    if (node.backed) {
      Files.unlink(node.backing);
    }
    dropUnlinked(node);
    return null;
  }

  @Override
  public void rename(
      long parent, byte[] name, long newParent, byte[] newName, int flags, Reply<Void> reply) {
    answer(
        "rename",
        reply,
        () -> {
          MemoryNode from = directory(parent);
          MemoryNode to = directory(newParent);
          MemoryNode node = child(from, text(name));
          MemoryNode old = to.children.get(text(newName));
          if (old == node) {
            return null;
          }
          if (old != null) {
            replaceable(node, old, flags);
            remove(to, text(newName), old);
          }
          from.children.remove(text(name));
          to.children.put(text(newName), node);
          node.parent = to;
          node.changed = MemoryNode.now();
          touch(from);
          touch(to);
          return null;
        });
  }

  private static void replaceable(MemoryNode node, MemoryNode old, int flags)
      throws MemoryNode.Failure {
    if ((flags & Files.RENAME_NOREPLACE) != 0) {
      throw new MemoryNode.Failure(Errno.EEXIST);
    }
    if (old.isDirectory() != node.isDirectory()) {
      throw new MemoryNode.Failure(old.isDirectory() ? Errno.EISDIR : Errno.ENOTDIR);
    }
    if (old.isDirectory() && !old.children.isEmpty()) {
      throw new MemoryNode.Failure(Errno.ENOTEMPTY);
    }
  }

  @Override
  public void open(Caller caller, long id, int flags, Reply<Opened> reply) {
    String name;
    synchronized (this) {
      name = nodes.containsKey(id) ? nameOf(nodes.get(id)) : "";
    }
    if (name.startsWith("late-")) {
      later(() -> openNow(id, name, flags, reply));
    } else {
      openNow(id, name, flags, reply);
    }
  }

  private void openNow(long id, String name, int flags, Reply<Opened> reply) {
    answer(
        "open",
        reply,
        () -> {
          MemoryNode node = node(id);
          if (name.startsWith("stale-") && !node.stale) {
            node.stale = true;
            throw new MemoryNode.Failure(Errno.ESTALE);
          }
          return opened(node, name, flags);
        });
  }

  private Opened opened(MemoryNode node, String name, int flags)
      throws AzcpException, MemoryNode.Failure {
    node.openFile();
    if ((flags & Fd.O_TRUNC) != 0) {
      Fd.truncate(node.fd, 0);
    }
    Stat stat = Files.fstat(node.fd);
    boolean keep = stat.size() == node.seenSize && stat.mtimeNanos() == node.seenTime;
    node.seenSize = stat.size();
    node.seenTime = stat.mtimeNanos();
    boolean faulty = name.matches("(slow|never|throws|twice)-.*");
    boolean large = stat.size() >= PASSTHROUGH_FROM && !faulty;
    return new Opened(++lastHandle, keep, large ? node.fd : -1);
  }

  @Override
  public void create(
      Caller caller, long parent, byte[] name, int flags, int mode, Reply<Created> reply) {
    answer(
        "create",
        reply,
        () -> {
          MemoryNode node = add(free(parent, name), text(name), Stat.REGULAR | mode, caller);
          Opened opened = opened(node, text(name), flags);
          return new Created(entry(node), opened);
        });
  }

  @Override
  public void read(long id, long handle, long offset, int length, ReadReply reply) {
    calls.computeIfAbsent("read", k -> new AtomicInteger()).incrementAndGet();
    String name;
    int fd;
    synchronized (this) {
      MemoryNode node = nodes.get(id);
      name = nameOf(node);
      fd = node.fd;
    }
    if (name.startsWith("throws-")) {
      throw new IllegalStateException("as the test wants");
    }
    if (name.startsWith("slow-")) {
      later(() -> reply.file(fd, offset, length));
    } else if (name.startsWith("twice-")) {
      reply.data(ByteBuffer.wrap("once".getBytes(StandardCharsets.US_ASCII)));
      reply.data(ByteBuffer.wrap("twice".getBytes(StandardCharsets.US_ASCII)));
    } else if (!name.startsWith("never-")) {
      reply.file(fd, offset, length);
    }
  }

  @Override
  public void write(long node, long handle, long offset, ByteBuffer data, Reply<Integer> reply) {
    answer(
        "write",
        reply,
        () -> {
          int length = data.remaining();
          Fd.pwriteFully(node(node).fd, data, offset);
          return length;
        });
  }

  @Override
  public void flush(long node, long handle, Reply<Void> reply) {
    answer("flush", reply, () -> null);
  }

  @Override
  public void release(long node, long handle, Reply<Void> reply) {
    answer(
        "release",
        reply,
        () -> {
          MemoryNode closed = node(node);
          closed.closeFile();
          dropUnlinked(closed);
          return null;
        });
  }

  @Override
  public void fsync(long node, long handle, boolean dataOnly, Reply<Void> reply) {
    answer("fsync", reply, () -> null);
  }

  @Override
  public void opendir(long id, Reply<Long> reply) {
    answer(
        "opendir",
        reply,
        () -> {
          MemoryNode node = directory(id);
          List<Item> items = new ArrayList<>();
          items.add(new Item(".", node));
          items.add(new Item("..", node.parent == null ? node : node.parent));
          node.children.forEach((name, child) -> items.add(new Item(name, child)));
          listings.put(++lastHandle, items);
          return lastHandle;
        });
  }

  @Override
  public void readdir(long id, long handle, long cookie, DirectorySink sink, Reply<Void> reply) {
    answer(
        "readdir",
        reply,
        () -> {
          List<Item> items = listings.get(handle);
          for (int i = (int) cookie; i < items.size(); i++) {
            Item item = items.get(i);
            boolean counts = sink.plus() && i >= 2;
            Entry entry = counts ? entry(item.node()) : null;
            byte[] name = item.name().getBytes(StandardCharsets.ISO_8859_1);
            if (!sink.add(name, i + 1L, item.node().id, item.node().mode, entry)) {
              item.node().lookups -= counts ? 1 : 0;
              break;
            }
          }
          return null;
        });
  }

  @Override
  public void releasedir(long node, long handle, Reply<Void> reply) {
    answer(
        "releasedir",
        reply,
        () -> {
          listings.remove(handle);
          return null;
        });
  }

  @Override
  public void fsyncdir(long node, long handle, Reply<Void> reply) {
    answer("fsyncdir", reply, () -> null);
  }

  @Override
  public void statfs(Reply<StatFs> reply) {
    answer("statfs", reply, () -> new StatFs(4096, 1000, 600, 500, 100, 50));
  }

  @Override
  public void getxattr(long node, byte[] name, Reply<byte[]> reply) {
    answer(
        "getxattr",
        reply,
        () -> {
          byte[] value = node(node).xattrs.get(text(name));
          if (value == null) {
            throw new MemoryNode.Failure(Errno.ENODATA);
          }
          return value;
        });
  }

  @Override
  public void listxattr(long node, Reply<byte[]> reply) {
    answer(
        "listxattr",
        reply,
        () -> {
          StringBuilder names = new StringBuilder();
          node(node).xattrs.keySet().forEach(name -> names.append(name).append('\0'));
          return names.toString().getBytes(StandardCharsets.ISO_8859_1);
        });
  }

  @Override
  public void setxattr(long node, byte[] name, byte[] value, int flags, Reply<Void> reply) {
    answer(
        "setxattr",
        reply,
        () -> {
          if (!text(name).startsWith("user.")) {
            throw new MemoryNode.Failure(Errno.EOPNOTSUPP);
          }
          node(node).xattrs.put(text(name), Arrays.copyOf(value, value.length));
          return null;
        });
  }

  @Override
  public void removexattr(long node, byte[] name, Reply<Void> reply) {
    answer(
        "removexattr",
        reply,
        () -> {
          if (node(node).xattrs.remove(text(name)) == null) {
            throw new MemoryNode.Failure(Errno.ENODATA);
          }
          return null;
        });
  }

  @Override
  public void fallocate(
      long node, long handle, int mode, long offset, long length, Reply<Void> reply) {
    answer(
        "fallocate",
        reply,
        () -> {
          Fd.allocate(node(node).fd, offset, length);
          return null;
        });
  }

  @Override
  public void lseek(long node, long handle, long offset, int whence, Reply<Long> reply) {
    answer(
        "lseek",
        reply,
        () ->
            whence == 3 ? Fd.seekData(node(node).fd, offset) : Fd.seekHole(node(node).fd, offset));
  }

  @Override
  public synchronized void close() {
    nodes.values().forEach(node -> Fd.close(node.fd));
  }
}
