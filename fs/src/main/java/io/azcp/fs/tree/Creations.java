package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import io.azcp.base.posix.Fd;
import io.azcp.base.posix.Stat;
import io.azcp.fs.fuse.Caller;
import io.azcp.fs.fuse.Entry;
import io.azcp.fs.fuse.FileSystemPort.Created;
import io.azcp.fs.fuse.Reply;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes names: files, directories, symbolic links. Thread-safe. */
final class Creations {
  private static final Logger LOG = LoggerFactory.getLogger(Creations.class);

  /** PATH_MAX of linux/limits.h, less the final zero. */
  private static final int MAX_TARGET_BYTES = 4095;

  private static final int SET_GROUP_ID = 02000;

  private final Locator locator;
  private final Opens opens;

  Creations(Locator locator, Opens opens) {
    this.locator = locator;
    this.opens = opens;
  }

  private Slot slot(long parentId, byte[] name) throws AzcpException {
    Node parent = locator.directory(parentId);
    String part = Paths.text(name);
    if (part != null && Locator.junction(parent, part) != null) {
      throw new AzcpException(Errno.EEXIST, part + " is a place of the mount's rules");
    }
    return Slot.fresh(parent, name);
  }

  /** A set-group-id directory gives its group to what is made in it, and itself to directories. */
  private PosixAttributes attributes(Slot slot, Caller caller, int type, int mode) {
    long now = Clocks.wallNanos();
    locator.refresh(slot.parent());
    boolean inherits =
        slot.parent().found instanceof Found.Directory d
            && (d.attributes().mode() & SET_GROUP_ID) != 0;
    if (!inherits) {
      return slot.volume().ownership().created(type, mode, caller.uid(), caller.gid(), now);
    }
    int group = ((Found.Directory) slot.parent().found).attributes().gid();
    int bits = type == Stat.DIRECTORY ? mode | SET_GROUP_ID : mode;
    return slot.volume().ownership().created(type, bits, caller.uid(), group, now);
  }

  void create(Caller caller, long parentId, byte[] name, int flags, int mode, Reply<Created> reply)
      throws IOException {
    Slot slot = slot(parentId, name);
    PosixAttributes attributes = attributes(slot, caller, Stat.REGULAR, mode);
    slot.volume()
        .dirtyLimit()
        .admit(
            reply,
            () ->
                locator.find(
                    slot.parent(),
                    slot.part(),
                    Replies.then(reply, known -> create(slot, flags, attributes, known, reply))));
  }

  private void create(
      Slot slot, int flags, PosixAttributes attributes, Known known, Reply<Created> reply)
      throws IOException {
    boolean exclusive = (flags & Fd.O_EXCL) != 0;
    boolean asked = exclusive && slot.volume().rule().writing().exclusiveRemote();
    if (asked && known.found().isAbsent()) {
      slot.volume().checkWritable();
      RemoteClaims.take(
          slot, attributes, reply, claim -> create(slot, flags, attributes, known, claim, reply));
    } else {
      create(slot, flags, attributes, known, null, reply);
    }
  }

  private void create(
      Slot slot,
      int flags,
      PosixAttributes attributes,
      Known known,
      RemoteFile claim,
      Reply<Created> reply)
      throws IOException {
    boolean exclusive = (flags & Fd.O_EXCL) != 0;
    Node node;
    OpenFile file = null;
    slot.lock().lock();
    try {
      Found now = locator.now(slot.parent(), slot.part(), known);
      if (now.isAbsent()) {
        String name = slot.name();
        LocalFile local = slot.volume().writeback().create(name, attributes, claim, exclusive);
        node = made(slot, new Found.Local(local));
        file = opens.created(node, local);
      } else if (exclusive) {
        throw slot.exists();
      } else if (now.isDirectory()) {
        throw new AzcpException(Errno.EISDIR, slot.name() + " is a directory");
      } else {
        node = locator.enter(slot.parent(), slot.part(), new Known(now, known.freshNanos()));
      }
    } finally {
      slot.lock().unlock();
    }
    if (file != null) {
      reply.ok(new Created(Stats.created(node), opens.opened(file)));
    } else {
      openExisting(node, flags, reply);
    }
  }

  private void openExisting(Node node, int flags, Reply<Created> reply) {
    Reply<Created> forgetting =
        new Reply<>() {
          @Override
          public void ok(Created created) {
            reply.ok(created);
          }

          @Override
          public void fail(Errno errno) {
            locator.nodes().forget(node, 1);
            reply.fail(errno);
          }
        };
    Replies.guard(
        forgetting,
        () ->
            opens.open(
                node.id(),
                flags & ~(Fd.O_CREAT | Fd.O_EXCL),
                Replies.then(forgetting, o -> reply.ok(new Created(Stats.entry(node), o)))));
  }

  /** Enters a name that was just made; the lock is held. */
  private Node made(Slot slot, Found found) {
    slot.volume().finder().made(slot.name());
    slot.volume().directoryTimes().changed(slot.parent().path());
    return locator.enter(slot.parent(), slot.part(), new Known(found, slot.volume().ttlNanos()));
  }

  /** Makes a name where none is. */
  private interface Maker {
    Found make(String name) throws IOException;
  }

  private void make(Slot slot, Maker maker, Reply<Entry> reply) {
    locator.find(
        slot.parent(),
        slot.part(),
        Replies.then(
            reply,
            known -> {
              Node node;
              slot.lock().lock();
              try {
                if (!locator.now(slot.parent(), slot.part(), known).isAbsent()) {
                  throw slot.exists();
                }
                node = made(slot, maker.make(slot.name()));
              } finally {
                slot.lock().unlock();
              }
              reply.ok(Stats.entry(node));
            }));
  }

  void mknod(Caller caller, long parentId, byte[] name, int mode, int device, Reply<Entry> reply)
      throws IOException {
    Slot slot = slot(parentId, name);
    int told = mode & Stat.TYPE_MASK;
    int type = told == 0 ? Stat.REGULAR : told;
    if (type != Stat.REGULAR && !slot.volume().rule().specialFiles()) {
      throw new AzcpException(
          Errno.EPERM,
          slot.name() + " would be a special file, which its rule refuses (special_files: false)");
    }
    PosixAttributes attributes = attributes(slot, caller, type, mode).withDevice(device);
    make(
        slot,
        path -> {
          LocalFile local = slot.volume().writeback().create(path, attributes, null, true);
          local.flush(Creations::reported);
          local.released(true);
          return new Found.Local(local);
        },
        reply);
  }

  /** Nobody waits for the upload of a file that was made without an open. */
  private static void reported(AzcpException failure) {
    if (failure != null) {
      LOG.warn("{}", failure.getMessage());
    }
  }

  void symlink(Caller caller, long parentId, byte[] name, byte[] target, Reply<Entry> reply)
      throws IOException {
    if (target.length > MAX_TARGET_BYTES) {
      throw new AzcpException(Errno.ENAMETOOLONG, "a link's target has at most 4,095 bytes");
    }
    Slot slot = slot(parentId, name);
    String text = Paths.newText(target);
    PosixAttributes attributes = attributes(slot, caller, Stat.SYMLINK, 0777);
    make(
        slot,
        path -> new Found.Local(slot.volume().writeback().symlink(path, text, attributes)),
        reply);
  }

  void mkdir(Caller caller, long parentId, byte[] name, int mode, Reply<Entry> reply)
      throws IOException {
    Slot slot = slot(parentId, name);
    PosixAttributes attributes = attributes(slot, caller, Stat.DIRECTORY, mode);
    make(
        slot,
        path -> {
          slot.volume().writeback().mkdir(path, attributes);
          nothingBelow(slot.volume(), path);
          return new Found.Directory(attributes, null);
        },
        reply);
  }

  /** A name proved absent by its directory's listing has nothing below it either. */
  static void nothingBelow(Volume volume, String name) {
    Listing proof = volume.listings().known(Paths.parent(name));
    if (proof != null && proof.complete() && proof.at(Paths.part(name)).isAbsent()) {
      volume.listings().installEmpty(name, proof.ticketNanos(), proof.askedNanos());
    }
  }
}
