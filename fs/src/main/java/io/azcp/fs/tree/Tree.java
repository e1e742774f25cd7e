package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.cache.Cache;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Binding;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.fuse.Opened;
import io.azcp.fs.fuse.ReadReply;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.fuse.SetAttributes;
import io.azcp.fs.fuse.StatFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mounted tree: volumes at their places, served to a binding. Each request goes to the class
 * that knows it; here every failure becomes the request's one answer. Thread-safe.
 */
public final class Tree implements FileSystemPort {
  private static final Logger LOG = LoggerFactory.getLogger(Tree.class);
  private static final int BLOCK = 4096;

  /** What a binding takes without making its caller wait. */
  private static final int MOST_DROPPED = 50_000;

  /** A share of the most nodes that is dropped beyond what has to be. */
  private static final int SLACK = 16;

  private final Map<String, Volume> volumes;
  private final Nodes nodes;
  private final Locator locator;
  private final Handles<OpenFile> files = new Handles<>();
  private final Opens opens;
  private final Contents contents;
  private final Directories directories;
  private final Creations creations;
  private final Removals removals;
  private final Renames renames;
  private final AttributeChanges attributes;
  private final Links links;
  private final ExtendedAttributes extended;

  /**
   * A tree of volumes.
   *
   * @param volumes the volumes by their paths below the mount, in the order of their rules; the
   *     empty path is the mount itself
   * @param ownership owners and permissions of directories that only lead to volumes
   */
  public Tree(Map<String, Volume> volumes, Ownership ownership) {
    this.volumes = volumes;
    Junction mount = Junction.of(volumes);
    Found root =
        mount.volume() == null
            ? new Found.Directory(ownership.directory(Clocks.wallNanos()), null)
            : mount.volume().impliedDirectory();
    this.nodes = new Nodes(mount, root);
    this.locator = new Locator(nodes, ownership);
    this.opens = new Opens(locator, files);
    this.contents = new Contents(locator, files);
    this.directories = new Directories(locator);
    this.creations = new Creations(locator, opens);
    OpenReaders readers = new OpenReaders(locator, files);
    this.removals = new Removals(locator, readers);
    this.renames = new Renames(locator, removals, readers);
    this.attributes = new AttributeChanges(locator, opens, files);
    this.links = new Links(locator);
    this.extended = new ExtendedAttributes(locator, attributes);
    volumes.values().forEach(v -> v.onArrival(nodes::learnCommits));
  }

  /** Tells whether the binding lets the kernel read and write files directly. */
  public void passthrough(boolean possible) {
    opens.passthrough(possible);
  }

  /**
   * Asks the service again for a name and all below it, and makes the kernel do so too. Never on a
   * thread that holds a request.
   */
  public void refresh(Volume volume, String name, Binding binding) {
    volume.refresh(name);
    Set<Long> above = new HashSet<>();
    nodes.forEach(
        volume,
        name,
        node -> {
          if (node.parent != null && !node.isVolumeRoot()) {
            binding.invalidateEntry(node.parent.id(), Paths.bytes(node.part));
            above.add(node.parent.id());
          }
          // Pages of a file are those of its node's one version: what is open reads on.
          binding.invalidateAttributes(node.id());
        });
    above.forEach(binding::invalidateNode);
    binding.awaitInvalidations();
  }

  /**
   * Has the kernel forget names that nothing uses when it holds more than that many nodes, oldest
   * first, {@value #MOST_DROPPED} at a time. Never on a thread that holds a request.
   */
  public void trimNodes(int most, Binding binding) {
    int over = nodes.size() - most;
    if (over > 0) {
      for (Node node : nodes.idle(Math.min(MOST_DROPPED, over + most / SLACK))) {
        binding.invalidateEntry(node.parent.id(), Paths.bytes(node.part));
      }
    }
  }

  /** Nodes the kernel knows, the root included. */
  public int nodes() {
    return nodes.size();
  }

  /** Files that are open. */
  public int openFiles() {
    return files.size();
  }

  @Override
  public void lookup(Caller caller, long parent, byte[] name, Reply<Entry> reply) {
    Replies.guard(reply, () -> locator.lookup(parent, name, reply));
  }

  @Override
  public void forget(long node, long count) {
    Node known = nodes.get(node);
    if (known != null) {
      nodes.forget(known, count);
    }
  }

  @Override
  public void getattr(long node, long handle, Reply<Attributes> reply) {
    Replies.guard(reply, () -> attributes.get(node, reply));
  }

  @Override
  public void setattr(
      Caller caller, long node, long handle, SetAttributes change, Reply<Attributes> reply) {
    Replies.guard(reply, () -> attributes.set(node, handle, change, reply));
  }

  @Override
  public void dropSetIds(long node) {
    try {
      attributes.dropSetIds(node);
    } catch (IOException e) {
      LOG.warn("set-id bits of a file that is written were not dropped: {}", e.getMessage());
    }
  }

  @Override
  public void readlink(long node, Reply<byte[]> reply) {
    Replies.guard(reply, () -> links.read(node, reply));
  }

  @Override
  public void symlink(Caller caller, long parent, byte[] name, byte[] target, Reply<Entry> reply) {
    Replies.guard(reply, () -> creations.symlink(caller, parent, name, target, reply));
  }

  @Override
  public void mkdir(Caller caller, long parent, byte[] name, int mode, Reply<Entry> reply) {
    Replies.guard(reply, () -> creations.mkdir(caller, parent, name, mode, reply));
  }

  @Override
  public void unlink(long parent, byte[] name, Reply<Void> reply) {
    Replies.guard(reply, () -> removals.unlink(parent, name, reply));
  }

  @Override
  public void rmdir(long parent, byte[] name, Reply<Void> reply) {
    Replies.guard(reply, () -> removals.rmdir(parent, name, reply));
  }

  @Override
  public void rename(
      long parent, byte[] name, long newParent, byte[] newName, int flags, Reply<Void> reply) {
    Replies.guard(reply, () -> renames.rename(parent, name, newParent, newName, flags, reply));
  }

  @Override
  public void open(Caller caller, long node, int flags, Reply<Opened> reply) {
    Replies.guard(reply, () -> opens.open(node, flags, reply));
  }

  @Override
  public void create(
      Caller caller, long parent, byte[] name, int flags, int mode, Reply<Created> reply) {
    Replies.guard(reply, () -> creations.create(caller, parent, name, flags, mode, reply));
  }

  @Override
  public void mknod(
      Caller caller, long parent, byte[] name, int mode, int device, Reply<Entry> reply) {
    Replies.guard(reply, () -> creations.mknod(caller, parent, name, mode, device, reply));
  }

  @Override
  public void read(long node, long handle, long offset, int length, ReadReply reply) {
    contents.read(handle, offset, length, reply);
  }

  @Override
  public void write(long node, long handle, long offset, ByteBuffer data, Reply<Integer> reply) {
    Replies.guard(reply, () -> contents.write(handle, offset, data, reply));
  }

  @Override
  public void flush(long node, long handle, Reply<Void> reply) {
    Replies.guard(reply, () -> contents.flush(handle, reply));
  }

  @Override
  public void release(long node, long handle, Reply<Void> reply) {
    Replies.guard(reply, () -> contents.release(handle, reply));
  }

  @Override
  public void fsync(long node, long handle, boolean dataOnly, Reply<Void> reply) {
    Replies.guard(reply, () -> contents.fsync(handle, reply));
  }

  @Override
  public void opendir(long node, Reply<Long> reply) {
    Replies.guard(reply, () -> directories.open(node, reply));
  }

  @Override
  public void readdir(long node, long handle, long cookie, DirectorySink sink, Reply<Void> reply) {
    Replies.guard(reply, () -> directories.read(handle, cookie, sink, reply));
  }

  @Override
  public void releasedir(long node, long handle, Reply<Void> reply) {
    Replies.guard(reply, () -> directories.release(handle, reply));
  }

  /** Changes of names are in the journal before they are answered. */
  @Override
  public void fsyncdir(long node, long handle, Reply<Void> reply) {
    reply.ok(null);
  }

  @Override
  public void statfs(Reply<StatFs> reply) {
    Replies.guard(
        reply,
        () -> {
          Iterator<Volume> all = volumes.values().iterator();
          if (!all.hasNext()) {
            throw new AzcpException(Errno.ENODEV, "the mount has no rules");
          }
          reply.ok(capacity(all.next().cache()));
        });
  }

  /** The disk of the cache folder, or the folder's size limit where that is less. */
  private static StatFs capacity(Cache cache) throws IOException {
    Files.Space disk = Files.space(cache.folder());
    Cache.Usage usage = cache.usage();
    long used = usage.wholeBytes() + usage.partialBytes();
    long total = Math.min(disk.totalBytes(), usage.limitBytes());
    long free = Math.min(disk.freeBytes(), Math.max(0, usage.limitBytes() - used));
    long available = Math.min(disk.availableBytes(), free);
    return new StatFs(
        BLOCK, total / BLOCK, free / BLOCK, available / BLOCK, disk.totalFiles(), disk.freeFiles());
  }

  @Override
  public void getxattr(long node, byte[] name, Reply<byte[]> reply) {
    Replies.guard(
        reply,
        () -> {
          byte[] value = extended.get(node, name);
          if (value == null) {
            reply.fail(Errno.ENODATA);
          } else {
            reply.ok(value);
          }
        });
  }

  @Override
  public void listxattr(long node, Reply<byte[]> reply) {
    Replies.guard(reply, () -> reply.ok(extended.list(node)));
  }

  @Override
  public void setxattr(long node, byte[] name, byte[] value, int flags, Reply<Void> reply) {
    Replies.guard(
        reply,
        () -> {
          extended.set(node, name, value, flags);
          reply.ok(null);
        });
  }

  @Override
  public void removexattr(long node, byte[] name, Reply<Void> reply) {
    Replies.guard(
        reply,
        () -> {
          extended.remove(node, name);
          reply.ok(null);
        });
  }

  @Override
  public void fallocate(
      long node, long handle, int mode, long offset, long length, Reply<Void> reply) {
    Replies.guard(reply, () -> contents.fallocate(handle, mode, offset, length, reply));
  }

  @Override
  public void lseek(long node, long handle, long offset, int whence, Reply<Long> reply) {
    Replies.guard(reply, () -> contents.lseek(handle, offset, whence, reply));
  }
}
