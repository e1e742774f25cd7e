package io.azcp.fs.tree;

import io.azcp.fs.fuse.Reply;
import io.azcp.fs.tree.DirectoryStream.Child;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One open directory: its names numbered from 0 on, in the order of their first reading. A
 * directory that is kept is read from one snapshot; of a larger one the newest pages are held, and
 * going back behind them reads it again. One request uses it at a time, the others wait for their
 * turn.
 */
final class OpenDirectory {
  /** Pages held of a directory that is read page by page. */
  private static final int HELD_PAGES = 4;

  private final Node node;
  private final List<Child> held = new ArrayList<>();
  private long firstHeld;
  private boolean started;
  private boolean ended;
  private DirectoryStream stream;
  private boolean busy;
  private final List<Runnable> turns = new ArrayList<>();

  OpenDirectory(Node node) {
    this.node = node;
  }

  Node node() {
    return node;
  }

  /** Runs the turn alone, now or when those before it have called {@link #done}. */
  void enter(Runnable turn) {
    synchronized (this) {
      if (busy) {
        turns.add(turn);
        return;
      }
      busy = true;
    }
    turn.run();
  }

  /** Ends a turn. */
  void done() {
    Runnable next;
    synchronized (this) {
      if (turns.isEmpty()) {
        busy = false;
        return;
      }
      next = turns.remove(0);
    }
    next.run();
  }

  /** Nanoseconds for which what it holds may be believed. */
  long freshNanos() {
    return stream == null ? 0 : stream.freshNanos();
  }

  /** Begins anew with the next reading. */
  void rewind() {
    held.clear();
    firstHeld = 0;
    started = false;
    ended = false;
    close();
  }

  /** Whether the names from an index on are held, or known to have ended before it. */
  boolean holds(long index) {
    return index >= firstHeld && (index < firstHeld + held.size() || ended);
  }

  /** The name of an index; null behind the last. */
  Child at(long index) {
    int i = (int) (index - firstHeld);
    return i < held.size() ? held.get(i) : null;
  }

  /** Makes {@link #holds} true, asking the service where needed. */
  void load(long index, Reply<Void> reply) {
    if (started && index < firstHeld) {
      rewind();
    }
    Volume volume = node.volume();
    if (started) {
      Replies.run(volume.calls(), reply, () -> more(index, reply));
      return;
    }
    if (volume.listings().large(node.path())) {
      startStream(index, reply);
      return;
    }
    String path = node.path();
    volume
        .listings()
        .get(
            path,
            Replies.then(
                reply,
                listing -> {
                  if (listing.complete()) {
                    snapshot(path, listing);
                    reply.ok(null);
                  } else {
                    startStream(index, reply);
                  }
                }));
  }

  private void snapshot(String path, Listing listing) {
    node.volume()
        .finder()
        .children(path, listing)
        .forEach((part, found) -> held.add(new Child(part, found)));
    started = true;
    ended = true;
  }

  private void startStream(long index, Reply<Void> reply) {
    stream = new DirectoryStream(node.volume(), node.path());
    started = true;
    Replies.run(node.volume().calls(), reply, () -> more(index, reply));
  }

  private void more(long index, Reply<Void> reply) throws IOException {
    while (!holds(index)) {
      List<Child> page = stream.next();
      if (held.size() + page.size() > HELD_PAGES * node.volume().listedNames()) {
        firstHeld += held.size();
        held.clear();
      }
      held.addAll(page);
      ended = stream.ended();
    }
    reply.ok(null);
  }

  void close() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
  }
}
