package io.azcp.fs.tree;

import io.azcp.base.posix.Stat;
import io.azcp.fs.writeback.LocalFile;
import io.azcp.fs.writeback.PosixAttributes;
import io.azcp.fs.writeback.RemoteFile;

/** What lies at a name. */
sealed interface Found {
  /** Nothing lies there. */
  record Absent() implements Found {
    /** The one there is. */
    static final Absent NOTHING = new Absent();
  }

  /**
   * A directory.
   *
   * @param attributes its attributes
   * @param marker the blob that marks it, null where only the names below it make it one
   */
  record Directory(PosixAttributes attributes, RemoteFile marker) implements Found {}

  /**
   * A file or symbolic link whose content is in the service.
   *
   * @param file the blob
   * @param fileId the local file it was committed from, 0 for none
   */
  record Remote(RemoteFile file, long fileId) implements Found {}

  /** A file or symbolic link whose content is here. */
  record Local(LocalFile file) implements Found {}

  /** Type and permission bits; 0 for nothing. */
  default int mode() {
    if (this instanceof Directory d) {
      return d.attributes().mode();
    }
    if (this instanceof Remote r) {
      return r.file().attributes().mode();
    }
    return this instanceof Local l ? l.file().mode() : 0;
  }

  /** The bits of {@link #mode()} that tell the type. */
  default int type() {
    return mode() & Stat.TYPE_MASK;
  }

  /** Whether it is a directory. */
  default boolean isDirectory() {
    return this instanceof Directory;
  }

  /** Whether nothing is there. */
  default boolean isAbsent() {
    return this instanceof Absent;
  }
}
