package io.azcp.fs.tree;

import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Attributes;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.PosixAttributes;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * What stat(2) shows of a node. ctime is when content or attributes were last changed by somebody,
 * not the staging file's own, which changes when a file is uploaded, published or downloaded again:
 * tools that remember it (git's index) find their files unchanged. st_blocks follows from the size,
 * so that no tool takes a file that is not yet here for a sparse one. Stateless.
 */
final class Stats {
  /** A closed local file can be changed by a map that outlived its descriptor. */
  private static final long LOCAL_TTL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long CREATED_TTL_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long JUNCTION_TTL_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int BLOCK = 512;
  private static final int DIRECTORY_BYTES = 4096;

  private Stats() {}

  /** The local file a node is on, open or pending; null when its content is in the service. */
  static LocalFile local(Node node) {
    LocalFile open = node.openLocal();
    return open == null && node.found instanceof Found.Local l ? l.file() : open;
  }

  /** The node's attributes and how long they hold. */
  static Attributes of(Node node) throws IOException {
    Volume volume = node.volume();
    long fresh = fresh(node);
    LocalFile local = local(node);
    if (local != null) {
      long ttl = node.hasWriter() ? 0 : Math.min(fresh, LOCAL_TTL_NANOS);
      LocalFile.Status status = local.status();
      return attributes(node, status.attributes(), status.size(), ttl);
    }
    if (node.found instanceof Found.Remote r) {
      return attributes(node, r.file().attributes(), r.file().version().length(), fresh);
    }
    Found.Directory directory = (Found.Directory) node.found;
    PosixAttributes told = directory.attributes();
    PosixAttributes now =
        volume == null ? told : volume.directoryTimes().applied(node.path(), told);
    return attributes(node, now, DIRECTORY_BYTES, fresh);
  }

  private static Attributes attributes(Node node, PosixAttributes a, long size, long ttl) {
    boolean directory = (a.mode() & Stat.TYPE_MASK) == Stat.DIRECTORY;
    return new Attributes(
        node.inode(),
        a.mode(),
        node.unlinked ? 0 : directory ? 2 : 1,
        a.uid(),
        a.gid(),
        size,
        (size + BLOCK - 1) / BLOCK,
        a.atimeNanos(),
        a.mtimeNanos(),
        a.ctimeNanos(),
        a.device(),
        ttl);
  }

  /** The entry that leads to a node. */
  static Entry entry(Node node) throws IOException {
    return new Entry(node.id(), of(node), fresh(node));
  }

  /**
   * The entry of a file that was created and opened a moment ago. Its attributes hold long enough
   * for the kernel's own look at its permissions, which would else cost a request for each file
   * that is made. What is written to it makes the kernel ask again.
   */
  static Entry created(Node node) throws IOException {
    LocalFile.Status status = local(node).status();
    Attributes now = attributes(node, status.attributes(), status.size(), CREATED_TTL_NANOS);
    return new Entry(node.id(), now, fresh(node));
  }

  private static long fresh(Node node) {
    Volume volume = node.volume();
    return volume == null ? JUNCTION_TTL_NANOS : Math.max(0, node.freshUntil - volume.now());
  }
}
