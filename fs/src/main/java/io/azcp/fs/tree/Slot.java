package io.azcp.fs.tree;

import io.azcp.base.AzcpException;
import io.azcp.base.Errno;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A name in a directory that a request wants to change.
 *
 * @param parent the directory's node
 * @param part the name
 */
record Slot(Node parent, String part) {
  /** A name that is there already, as the request says. */
  static Slot old(Node parent, byte[] name) throws AzcpException {
    String part = Paths.text(name);
    if (part == null) {
      throw new AzcpException(Errno.ENOENT, "no blob has a name that is not UTF-8");
    }
    return new Slot(parent, part).checked();
  }

  /** A name that is to be made; refused where the service cannot hold it. */
  static Slot fresh(Node parent, byte[] name) throws AzcpException {
    if (name.length > Paths.MAX_PART_BYTES) {
      throw new AzcpException(Errno.ENAMETOOLONG, "a name has at most 255 bytes");
    }
    Slot slot = new Slot(parent, Paths.newText(name)).checked();
    Paths.checkBlobName(slot.volume().rule().blobName(slot.name()));
    return slot;
  }

  private Slot checked() throws AzcpException {
    if (isJunction()) {
      throw new AzcpException(Errno.EBUSY, part + " is a place of the mount's rules");
    }
    if (parent.volume() == null) {
      throw new AzcpException(
          Errno.EROFS, part + " lies in a directory that only leads to the mount's rules");
    }
    parent.volume().checkWritable();
    return this;
  }

  boolean isJunction() {
    return Locator.junction(parent, part) != null;
  }

  Volume volume() {
    return parent.volume();
  }

  /** The name relative to the volume. */
  String name() {
    return Paths.join(parent.path(), part);
  }

  ReentrantLock lock() {
    return parent.volume().changes();
  }

  AzcpException absent() {
    return new AzcpException(Errno.ENOENT, name() + " does not exist");
  }

  AzcpException exists() {
    return new AzcpException(Errno.EEXIST, name() + " exists");
  }
}
