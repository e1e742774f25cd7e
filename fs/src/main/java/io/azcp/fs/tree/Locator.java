package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.config.Consistency;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.LocalFile;
import java.io.IOException;

/**
 * The way from a directory's node and a name to what lies there and to its node, through junctions
 * and volumes. Thread-safe.
 */
final class Locator {
  private final Nodes nodes;
  private final Ownership ownership;

  Locator(Nodes nodes, Ownership ownership) {
    this.nodes = nodes;
    this.ownership = ownership;
  }

  Nodes nodes() {
    return nodes;
  }

  /** The node of an id. {@code ESTALE} when it is not known. */
  Node node(long id) throws AzcpException {
    Node node = nodes.get(id);
    if (node == null) {
      throw new AzcpException(Errno.ESTALE, "node " + id + " is not known");
    }
    return node;
  }

  /** The node of a directory. {@code ENOTDIR} when it is none. */
  Node directory(long id) throws AzcpException {
    Node node = node(id);
    if (!node.isDirectory()) {
      throw new AzcpException(Errno.ENOTDIR, node.path() + " is not a directory");
    }
    return node;
  }

  /** The junction at a name; null for an ordinary name. */
  static Junction junction(Node parent, String part) {
    return parent.junction() == null ? null : parent.junction().children().get(part);
  }

  /** The volume of a name. */
  static Volume volume(Node parent, String part) {
    Junction junction = junction(parent, part);
    return junction == null || junction.volume() == null ? parent.volume() : junction.volume();
  }

  private Known fixed(Node parent, String part) {
    Junction junction = junction(parent, part);
    if (junction != null) {
      Volume volume = volume(parent, part);
      return volume == null
          ? new Known(new Found.Directory(ownership.directory(0), null), Long.MAX_VALUE / 2)
          : new Known(volume.impliedDirectory(), volume.ttlNanos());
    }
    if (parent.volume() == null) {
      return new Known(Found.Absent.NOTHING, Volume.ABSENT_TTL_NANOS);
    }
    Node node = nodes.at(parent, part);
    LocalFile local = node == null || !node.hasWriter() ? null : node.openLocal();
    return local == null ? null : new Known(new Found.Local(local), parent.volume().ttlNanos());
  }

  /** What lies at a name, asking the service where needed. */
  void find(Node parent, String part, Reply<Known> reply) {
    Known fixed = fixed(parent, part);
    if (fixed != null) {
      reply.ok(fixed);
      return;
    }
    String path = parent.path();
    parent
        .volume()
        .finder()
        .find(
            path,
            part,
            Replies.then(
                reply,
                k -> {
                  if (parent.path().equals(path)) {
                    reply.ok(k);
                  } else {
                    find(parent, part, reply);
                  }
                }));
  }

  /** What lies at a name as far as it is known without asking; null for not known. */
  Known peek(Node parent, String part) {
    Known fixed = fixed(parent, part);
    return fixed != null ? fixed : parent.volume().finder().peek(parent.path(), part);
  }

  /**
   * What lies at a name that was found a moment ago, looked at again under the lock of its changes:
   * what the service or the overlay has, and only without both the file that is open here.
   */
  Found now(Node parent, String part, Known before) {
    Known plain =
        junction(parent, part) != null || parent.volume() == null
            ? null
            : parent.volume().finder().peek(parent.path(), part);
    if (plain != null && !plain.found().isAbsent()) {
      return plain.found();
    }
    Known open = fixed(parent, part);
    if (open != null) {
      return open.found();
    }
    return plain == null ? before.found() : plain.found();
  }

  /** The node at a name that something was found at; counts a lookup. */
  Node enter(Node parent, String part, Known known) {
    Volume volume = volume(parent, part);
    long now = volume == null ? 0 : volume.now();
    return nodes.lookup(parent, part, volume, junction(parent, part), known, now);
  }

  /** The same, as an entry for the kernel. */
  Entry entry(Node parent, String part, Known known) throws IOException {
    if (known.found().isAbsent()) {
      return Entry.absent(known.freshNanos());
    }
    Node node = enter(parent, part, known);
    try {
      return Stats.entry(node);
    } catch (IOException e) {
      nodes.forget(node, 1);
      throw e;
    }
  }

  void lookup(long parentId, byte[] name, Reply<Entry> reply) throws IOException {
    Node parent = directory(parentId);
    if (name.length > Paths.MAX_PART_BYTES) {
      throw new AzcpException(Errno.ENAMETOOLONG, "a name has at most 255 bytes");
    }
    String part = Paths.text(name);
    if (part == null) {
      reply.ok(Entry.absent(Volume.ABSENT_TTL_NANOS));
      return;
    }
    find(parent, part, Replies.then(reply, k -> reply.ok(entry(parent, part, k))));
  }

  /**
   * Under {@link Consistency#OPEN} asks the service what lies at a file's name, before it is
   * opened. When that is another version the open answers ESTALE and comes back with a fresh node,
   * for which the answer just got serves. What is changed here is the truth and not asked for.
   */
  void confirm(Node node, Reply<Void> reply) {
    Volume volume = node.volume();
    boolean asks = volume != null && volume.consistency() == Consistency.OPEN && node.attached;
    if (!asks || !refresh(node) || Stats.local(node) != null) {
      reply.ok(null);
      return;
    }
    String name = node.path();
    if (volume.reopened(name)) {
      reply.ok(null);
      return;
    }
    volume
        .probe()
        .again(
            name,
            Replies.then(
                reply,
                now -> {
                  if (!refresh(node)) {
                    volume.reopens(name);
                  }
                  reply.ok(null);
                }));
  }

  /**
   * The service has a file's version no more: its name is asked for again, and leads to another
   * node. What is open on this one stays.
   */
  void gone(Node node) {
    if (node.attached && !node.unlinked) {
      node.volume().refresh(node.path());
      nodes.detach(node);
    }
  }

  /**
   * Brings what a node is told to be up to date with what is known without asking. Answers whether
   * its name still leads to it.
   */
  boolean refresh(Node node) {
    if (node == nodes.root() || node.volume() == null || node.isVolumeRoot()) {
      return true;
    }
    if (!node.attached) {
      return false;
    }
    Known known = peek(node.parent, node.part);
    if (known == null) {
      return true;
    }
    if (!Nodes.isStill(node, known.found())) {
      return false;
    }
    nodes.update(node, known.found());
    node.freshUntil = node.volume().now() + known.freshNanos();
    return true;
  }
}
