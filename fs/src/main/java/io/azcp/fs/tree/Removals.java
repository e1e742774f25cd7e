package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.OverlayEntry;
import io.azcp.fs.writeback.RemoteFile;
import io.azcp.fs.writeback.Writeback;
import java.io.IOException;

/** Removes names. Thread-safe. */
final class Removals {
  private final Locator locator;
  private final OpenReaders readers;

  Removals(Locator locator, OpenReaders readers) {
    this.locator = locator;
    this.readers = readers;
  }

  void unlink(long parentId, byte[] name, Reply<Void> reply) throws IOException {
    Slot slot = Slot.old(locator.directory(parentId), name);
    locator.find(
        slot.parent(),
        slot.part(),
        Replies.then(
            reply, known -> readers.provide(slot, reply, () -> unlink(slot, known, reply))));
  }

  private void unlink(Slot slot, Known known, Reply<Void> reply) throws IOException {
    slot.lock().lock();
    try {
      unlink(slot, known);
    } finally {
      slot.lock().unlock();
    }
    reply.ok(null);
  }

  private void unlink(Slot slot, Known known) throws IOException {
    Found now = locator.now(slot.parent(), slot.part(), known);
    if (now.isAbsent()) {
      throw slot.absent();
    }
    if (now.isDirectory()) {
      throw new AzcpException(Errno.EISDIR, slot.name() + " is a directory");
    }
    slot.volume().writeback().unlink(slot.name(), remote(now));
    locator.nodes().unlinked(slot.parent(), slot.part());
    slot.volume().directoryTimes().changed(slot.parent().path());
    keep(slot.parent());
  }

  /** The blob of a file whose content is in the service; null for a local one or none. */
  static RemoteFile remote(Found found) {
    return found instanceof Found.Remote r ? r.file() : null;
  }

  void rmdir(long parentId, byte[] name, Reply<Void> reply) throws IOException {
    Slot slot = Slot.old(locator.directory(parentId), name);
    locator.find(
        slot.parent(),
        slot.part(),
        Replies.then(
            reply,
            known -> {
              if (known.found().isAbsent()) {
                throw slot.absent();
              }
              if (!known.found().isDirectory()) {
                throw new AzcpException(Errno.ENOTDIR, slot.name() + " is not a directory");
              }
              ifEmpty(slot, reply, () -> rmdir(slot, known, reply));
            }));
  }

  private void rmdir(Slot slot, Known known, Reply<Void> reply) throws IOException {
    slot.lock().lock();
    try {
      Found now = locator.now(slot.parent(), slot.part(), known);
      String name = slot.name();
      if (!(now instanceof Found.Directory directory)) {
        throw slot.absent();
      }
      refuseChildren(slot);
      Writeback writeback = slot.volume().writeback();
      Listing listing = slot.volume().listings().known(name);
      if (listing != null && listing.slashMarker() != null) {
        writeback.unlink(name + "/", listing.slashMarker());
      }
      writeback.rmdir(name, hasMarker(slot.volume(), name, directory));
      locator.nodes().unlinked(slot.parent(), slot.part());
      slot.volume().directoryTimes().forget(name);
      slot.volume().directoryTimes().changed(slot.parent().path());
      keep(slot.parent());
    } finally {
      slot.lock().unlock();
    }
    reply.ok(null);
  }

  private static boolean hasMarker(Volume volume, String name, Found.Directory directory) {
    boolean made =
        volume
            .writeback()
            .overlay(name)
            .filter(OverlayEntry.Directory.class::isInstance)
            .isPresent();
    return made || directory.marker() != null;
  }

  private static void refuseChildren(Slot slot) throws AzcpException {
    Volume volume = slot.volume();
    String name = slot.name();
    Listing listing = volume.listings().known(name);
    boolean left =
        listing == null
            ? !volume.finder().local(name).isEmpty()
            : volume.finder().hasChildren(name, listing);
    if (left) {
      throw notEmpty(slot);
    }
  }

  private static AzcpException notEmpty(Slot slot) {
    return new AzcpException(Errno.ENOTEMPTY, slot.name() + " is not empty");
  }

  /**
   * Goes on when a directory is proved empty by a complete listing, asked for where there is none
   * that is fresh; else the request fails with {@code ENOTEMPTY}.
   */
  static void ifEmpty(Slot slot, Reply<?> request, Replies.Action empty) {
    Volume volume = slot.volume();
    String name = slot.name();
    Replies.Step<Listing> proof =
        listing -> {
          if (!listing.complete()) {
            Replies.run(volume.calls(), request, () -> ifStreamEmpty(slot, empty));
          } else if (volume.finder().hasChildren(name, listing)) {
            throw notEmpty(slot);
          } else {
            empty.run();
          }
        };
    volume.listings().get(name, Replies.then(request, proof));
  }

  private static void ifStreamEmpty(Slot slot, Replies.Action empty) throws IOException {
    DirectoryStream stream = new DirectoryStream(slot.volume(), slot.name());
    try {
      if (!stream.next().isEmpty()) {
        throw notEmpty(slot);
      }
    } finally {
      stream.close();
    }
    empty.run();
  }

  /**
   * Keeps a directory that may have lost its last name: a marker blob, unless it has one or other
   * names are known to be left. The lock is held.
   */
  void keep(Node directory) throws IOException {
    Volume volume = directory.volume();
    if (directory.isVolumeRoot() || directory.junction() != null || !directory.attached) {
      return;
    }
    String name = directory.path();
    Listing listing = volume.listings().known(name);
    if (listing != null && volume.finder().hasChildren(name, listing)) {
      return;
    }
    Known known = locator.peek(directory.parent, directory.part);
    Found.Directory now =
        known != null && known.found() instanceof Found.Directory d
            ? d
            : (Found.Directory) directory.found;
    boolean slash = listing != null && listing.slashMarker() != null;
    if (!slash && !hasMarker(volume, name, now)) {
      volume.writeback().mkdir(name, volume.directoryTimes().applied(name, now.attributes()));
      volume.finder().made(name);
    }
  }
}
