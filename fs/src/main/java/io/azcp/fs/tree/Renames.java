package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Files;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.Writeback.Rename;
import java.io.IOException;
import java.util.List;

/**
 * Renames. What was found is looked at again under the lock, so that of two requests for one name
 * the later one sees what the earlier one did. Thread-safe.
 */
final class Renames {
  private final Locator locator;
  private final Removals removals;
  private final OpenReaders readers;

  Renames(Locator locator, Removals removals, OpenReaders readers) {
    this.locator = locator;
    this.removals = removals;
    this.readers = readers;
  }

  /**
   * One request.
   *
   * @param noReplace whether an existing target is refused
   */
  private record Request(Slot from, Slot to, boolean noReplace, Reply<Void> reply) {}

  void rename(
      long parentId, byte[] name, long newParentId, byte[] newName, int flags, Reply<Void> reply)
      throws IOException {
    if ((flags & ~Files.RENAME_NOREPLACE) != 0) {
      throw new AzcpException(Errno.EINVAL, "names cannot be exchanged");
    }
    Slot from = Slot.old(locator.directory(parentId), name);
    Slot to = Slot.fresh(locator.directory(newParentId), newName);
    if (from.volume() != to.volume()) {
      throw new AzcpException(
          Errno.EXDEV, from.name() + " cannot be renamed into another rule's place; copy it");
    }
    boolean noReplace = (flags & Files.RENAME_NOREPLACE) != 0;
    Request request = new Request(from, to, noReplace, reply);
    locator.find(
        from.parent(),
        from.part(),
        Replies.then(
            reply,
            source ->
                locator.find(
                    to.parent(),
                    to.part(),
                    Replies.then(reply, target -> rename(request, source, target)))));
  }

  private void rename(Request request, Known source, Known target) throws IOException {
    if (!source.found().isDirectory()) {
      readers.provide(request.to(), request.reply(), () -> file(request, source, target));
      return;
    }
    Slot to = request.to();
    String from = request.from().name();
    if (to.name().startsWith(from + "/")) {
      throw new AzcpException(Errno.EINVAL, from + " cannot be moved below itself");
    }
    Replies.Action proved = () -> directory(request, source, target);
    if (target.found().isDirectory() && !to.name().equals(from)) {
      Removals.ifEmpty(to, request.reply(), proved);
    } else {
      proved.run();
    }
  }

  /** Refuses what rename(2) refuses; answers whether nothing is to be done. */
  private static boolean settled(Request request, Found source, Found target) throws AzcpException {
    Slot to = request.to();
    if (source.isAbsent()) {
      throw request.from().absent();
    }
    if (!target.isAbsent() && request.noReplace()) {
      throw to.exists();
    }
    if (target.isDirectory() && !source.isDirectory()) {
      throw new AzcpException(Errno.EISDIR, to.name() + " is a directory");
    }
    if (!target.isDirectory() && !target.isAbsent() && source.isDirectory()) {
      throw new AzcpException(Errno.ENOTDIR, to.name() + " is not a directory");
    }
    return request.from().name().equals(to.name());
  }

  private void file(Request request, Known source, Known target) throws IOException {
    Slot from = request.from();
    Slot to = request.to();
    from.lock().lock();
    try {
      Found was = locator.now(from.parent(), from.part(), source);
      Found over = locator.now(to.parent(), to.part(), target);
      if (was.isDirectory()) {
        throw new AzcpException(Errno.EBUSY, from.name() + " is being replaced; try again");
      }
      if (!settled(request, was, over)) {
        Rename one =
            new Rename(
                from.name(), to.name(), false, Removals.remote(was), Removals.remote(over), null);
        from.volume().writeback().rename(List.of(one));
        from.volume().finder().made(to.name());
        renamed(request);
      }
    } finally {
      from.lock().unlock();
    }
    request.reply().ok(null);
  }

  private void renamed(Request request) throws IOException {
    Slot from = request.from();
    Slot to = request.to();
    DirectoryTimes times = from.volume().directoryTimes();
    times.changed(from.parent().path());
    times.changed(to.parent().path());
    locator.nodes().renamed(from.parent(), from.part(), to.parent(), to.part());
    removals.keep(from.parent());
  }

  private void directory(Request request, Known source, Known target) {
    Volume volume = request.from().volume();
    Replies.run(
        volume.calls(),
        request.reply(),
        () -> {
          Subtree below = new Subtree(volume, request.from().name());
          OutstandingRequests.Ticket ticket = volume.outstanding().begin();
          try {
            below.ask();
            directory(request, source, target, below);
          } finally {
            ticket.close();
          }
          request.reply().ok(null);
        });
  }

  private void directory(Request request, Known source, Known target, Subtree below)
      throws IOException {
    Slot from = request.from();
    Slot to = request.to();
    Volume volume = from.volume();
    from.lock().lock();
    try {
      Found was = locator.now(from.parent(), from.part(), source);
      Found over = locator.now(to.parent(), to.part(), target);
      if (!was.isDirectory() || !below.directory().equals(from.name())) {
        throw new AzcpException(Errno.EBUSY, from.name() + " is being replaced; try again");
      }
      if (settled(request, was, over)) {
        return;
      }
      if (over.isDirectory() && !volume.finder().local(to.name()).isEmpty()) {
        throw new AzcpException(Errno.ENOTEMPTY, to.name() + " is not empty");
      }
      List<Rename> renames =
          below.renames(
              to.name(), (Found.Directory) was, over instanceof Found.Directory d ? d : null);
      volume.writeback().rename(renames);
      volume.directoryTimes().moved(from.name(), to.name());
      for (Rename r : renames) {
        volume.finder().made(r.to());
        if (r.directory()) {
          Creations.nothingBelow(volume, r.to());
        }
      }
      renamed(request);
    } finally {
      from.lock().unlock();
    }
  }
}
