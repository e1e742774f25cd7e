package io.azcp.fs.tree;

import io.azcp.base.Errno;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.DirectorySink;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.tree.DirectoryStream.Child;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Reads directories. Cookies are numbers of entries: {@code .}, {@code ..}, the junctions, then the
 * names. Thread-safe.
 */
final class Directories {
  private static final int DOTS = 2;

  private final Locator locator;
  private final Handles<OpenDirectory> handles = new Handles<>();

  Directories(Locator locator) {
    this.locator = locator;
  }

  void open(long id, Reply<Long> reply) throws IOException {
    reply.ok(handles.add(new OpenDirectory(locator.directory(id))));
  }

  void release(long handle, Reply<Void> reply) {
    OpenDirectory directory = handles.remove(handle);
    if (directory == null) {
      reply.ok(null);
    } else {
      directory.enter(
          () -> {
            directory.close();
            directory.done();
            reply.ok(null);
          });
    }
  }

  void read(long handle, long cookie, DirectorySink sink, Reply<Void> reply) throws IOException {
    OpenDirectory directory = handles.get(handle);
    Reply<Void> leaving =
        new Reply<>() {
          @Override
          public void ok(Void value) {
            directory.done();
            reply.ok(null);
          }

          @Override
          public void fail(Errno errno) {
            directory.done();
            reply.fail(errno);
          }
        };
    directory.enter(
        () ->
            Replies.guard(
                leaving,
                () -> {
                  if (cookie == 0) {
                    directory.rewind();
                  }
                  fill(directory, cookie, sink, leaving);
                }));
  }

  private void fill(OpenDirectory directory, long cookie, DirectorySink sink, Reply<Void> reply)
      throws IOException {
    Node node = directory.node();
    List<String> junctions = junctions(node);
    long at = cookie;
    while (at < DOTS + junctions.size()) {
      if (!addFixed(node, (int) at, junctions, sink)) {
        reply.ok(null);
        return;
      }
      at++;
    }
    if (node.volume() == null) {
      reply.ok(null);
    } else {
      fillNames(directory, at - DOTS - junctions.size(), DOTS + junctions.size(), sink, reply);
    }
  }

  private static List<String> junctions(Node node) {
    return node.junction() == null ? List.of() : List.copyOf(node.junction().children().keySet());
  }

  private boolean addFixed(Node node, int at, List<String> junctions, DirectorySink sink)
      throws IOException {
    if (at < DOTS) {
      Node shown = at == 0 || node.parent == null ? node : node.parent;
      byte[] name = at == 0 ? new byte[] {'.'} : new byte[] {'.', '.'};
      return sink.add(name, at + 1, shown.inode(), Stat.DIRECTORY, null);
    }
    String part = junctions.get(at - DOTS);
    return add(node, part, locator.peek(node, part), at + 1, sink);
  }

  private void fillNames(
      OpenDirectory directory, long from, int before, DirectorySink sink, Reply<Void> reply)
      throws IOException {
    long index = from;
    Map<String, Junction> junctions =
        directory.node().junction() == null ? Map.of() : directory.node().junction().children();
    while (directory.holds(index)) {
      Child child = directory.at(index);
      if (child == null) {
        reply.ok(null);
        return;
      }
      long next = before + index + 1;
      boolean shown = !junctions.containsKey(child.part());
      if (shown && !addNow(directory, child, next, sink)) {
        reply.ok(null);
        return;
      }
      index++;
    }
    long wanted = index;
    directory.load(
        wanted, Replies.then(reply, v -> fillNames(directory, wanted, before, sink, reply)));
  }

  /** Offers a name as it is now: it may have changed since the directory was listed. */
  private boolean addNow(OpenDirectory directory, Child child, long cookie, DirectorySink sink)
      throws IOException {
    Known known = locator.peek(directory.node(), child.part());
    if (known == null) {
      known = new Known(child.found(), directory.freshNanos());
    }
    return known.found().isAbsent() || add(directory.node(), child.part(), known, cookie, sink);
  }

  private boolean add(Node node, String part, Known known, long cookie, DirectorySink sink)
      throws IOException {
    byte[] name = Paths.bytes(part);
    if (!sink.plus()) {
      Node there = locator.nodes().at(node, part);
      long inode =
          there == null
              ? Inodes.of(Locator.volume(node, part), Paths.join(node.path(), part))
              : there.inode();
      return sink.add(name, cookie, inode, known.found().type(), null);
    }
    Entry entry = locator.entry(node, part, known);
    boolean taken = sink.add(name, cookie, entry.attributes().inode(), known.found().type(), entry);
    if (!taken) {
      locator.nodes().forget(locator.node(entry.node()), 1);
    }
    return taken;
  }
}
