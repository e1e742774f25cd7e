package io.azcp.fs.tree;

import io.azcp.fs.fuse.FileSystemPort;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.RemoteFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The nodes the kernel knows: made when a name is looked up, dropped when it is forgotten and not
 * open. Ids are never used again. An inode number is the hash of the name a node was first found
 * under, and belongs to one known node at a time. Thread-safe.
 */
final class Nodes {
  /** In the order in which they were made, or last asked back from the kernel. */
  private final Map<Long, Node> byId = new LinkedHashMap<>();

  private final Map<Key, Node> byName = new HashMap<>();
  private final Map<Long, Node> byInode = new HashMap<>();
  private final Map<FileKey, Node> byFile = new HashMap<>();
  private final Node root;
  private long lastId = FileSystemPort.ROOT;

  private record Key(long parent, String part) {}

  private record FileKey(Volume volume, long fileId) {}

  Nodes(Junction mount, Found directory) {
    root = new Node(FileSystemPort.ROOT, 1, mount.volume(), mount, null, "", directory);
    byId.put(root.id(), root);
    byInode.put(root.inode(), root);
  }

  Node root() {
    return root;
  }

  /** Visits the nodes of a volume whose name is this one or lies below it. */
  void forEach(Volume volume, String name, Consumer<Node> visitor) {
    List<Node> all = new ArrayList<>();
    synchronized (this) {
      for (Node node : byId.values()) {
        if (node.volume() == volume && node.attached && isAtOrBelow(node.path(), name)) {
          all.add(node);
        }
      }
    }
    all.forEach(visitor);
  }

  private static boolean isAtOrBelow(String path, String name) {
    return name.isEmpty() || path.equals(name) || path.startsWith(name + "/");
  }

  /**
   * Up to so many nodes that only the kernel's memory of their names keeps, oldest first. Those
   * come last the next time.
   */
  synchronized List<Node> idle(int most) {
    List<Node> idle = new ArrayList<>();
    for (Node node : byId.values()) {
      if (idle.size() == most) {
        break;
      }
      if (node != root && node.attached && node.children == 0 && !node.isOpen()) {
        idle.add(node);
      }
    }
    for (Node node : idle) {
      byId.remove(node.id());
      byId.put(node.id(), node);
    }
    return idle;
  }

  /** The node of an id; null when it is not known. */
  synchronized Node get(long id) {
    return byId.get(id);
  }

  /** The node known under a name; null for none. */
  synchronized Node at(Node parent, String part) {
    return byName.get(new Key(parent.id(), part));
  }

  /** Nodes known. */
  synchronized int size() {
    return byId.size();
  }

  /**
   * The node for what was found at a name, the one known already where it still is that; counts a
   * lookup.
   */
  synchronized Node lookup(
      Node parent, String part, Volume volume, Junction junction, Known known, long now) {
    Key key = new Key(parent.id(), part);
    Node node = byName.get(key);
    if (node != null && !isStill(node, known.found())) {
      detach(node);
      node = null;
    }
    if (node == null) {
      long inode = freeInode(volume, volume == parent.volume() ? parent.path() : "", part);
      node = new Node(++lastId, inode, volume, junction, parent, part, known.found());
      byId.put(node.id(), node);
      byInode.put(inode, node);
      byName.put(key, node);
      parent.children++;
    }
    update(node, known.found());
    node.freshUntil = now + known.freshNanos();
    node.lookups++;
    return node;
  }

  /** Whether a node stands for what was found now. */
  static boolean isStill(Node node, Found found) {
    if (node.found.isDirectory() || found.isDirectory()) {
      return node.found.isDirectory() && found.isDirectory();
    }
    if (found instanceof Found.Local l) {
      return node.fileId == l.file().id();
    }
    if (!(found instanceof Found.Remote now) || node.found.type() != found.type()) {
      return false;
    }
    return (now.fileId() != 0 && now.fileId() == node.fileId)
        || (node.found instanceof Found.Remote old
            && old.file().version().sameContent(now.file().version()));
  }

  /** Tells what a node is now, which it {@link #isStill}. */
  synchronized void update(Node node, Found found) {
    node.found = found;
    long fileId = found instanceof Found.Local l ? l.file().id() : 0;
    if (found instanceof Found.Remote r) {
      fileId = r.fileId();
    }
    if (fileId != 0 && fileId != node.fileId) {
      byFile.remove(new FileKey(node.volume(), node.fileId), node);
      node.fileId = fileId;
      byFile.put(new FileKey(node.volume(), fileId), node);
    }
  }

  /**
   * Local files below a directory were committed: their nodes, where they are known, stand for
   * those versions from now on, also when the listing tells no more what they came from.
   */
  void learnCommits(Volume volume, String directory) {
    for (OverlayEntry e : volume.writeback().overlayChildren(directory).values()) {
      if (e instanceof OverlayEntry.Remote r && r.fileId() != 0) {
        committed(volume, r.fileId(), r.file());
      }
    }
  }

  private synchronized void committed(Volume volume, long fileId, RemoteFile file) {
    Node node = byFile.get(new FileKey(volume, fileId));
    if (node != null) {
      node.found = new Found.Remote(file, fileId);
    }
  }

  private long freeInode(Volume volume, String directory, String part) {
    long inode = Inodes.of(volume, Paths.join(directory, part));
    while (byInode.containsKey(inode)) {
      inode = Inodes.next(inode);
    }
    return inode;
  }

  /** Takes the name from a node; what is open on it stays. */
  synchronized void detach(Node node) {
    if (node.attached) {
      node.attached = false;
      byName.remove(new Key(node.parent.id(), node.part), node);
      dropIfForgotten(node);
    }
  }

  /** The name was removed: what is open on its node stays. */
  synchronized void unlinked(Node parent, String part) {
    Node node = at(parent, part);
    if (node != null) {
      node.unlinked = true;
      detach(node);
    }
  }

  /** A name became another one, whose node, if any, is removed. */
  synchronized void renamed(Node from, String part, Node to, String newPart) {
    unlinked(to, newPart);
    Node node = at(from, part);
    if (node == null) {
      return;
    }
    byName.remove(new Key(from.id(), part));
    from.children--;
    to.children++;
    node.parent = to;
    node.part = newPart;
    byName.put(new Key(to.id(), newPart), node);
    dropIfForgotten(from);
  }

  /** Takes lookups back. */
  synchronized void forget(Node node, long count) {
    node.lookups -= count;
    dropIfForgotten(node);
  }

  /** Drops a node that nobody knows or holds, and its directory if that waited for it. */
  synchronized void dropIfForgotten(Node node) {
    if (node == root || node.lookups > 0 || node.children > 0 || node.isOpen()) {
      return;
    }
    if (byId.remove(node.id()) == null) {
      return;
    }
    byInode.remove(node.inode(), node);
    byFile.remove(new FileKey(node.volume(), node.fileId), node);
    if (node.attached) {
      node.attached = false;
      byName.remove(new Key(node.parent.id(), node.part), node);
    }
    node.parent.children--;
    dropIfForgotten(node.parent);
  }
}
