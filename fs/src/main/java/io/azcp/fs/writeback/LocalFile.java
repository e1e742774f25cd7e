package io.azcp.fs.writeback;

import java.io.IOException;
import java.util.Map;

/**
 * A file whose truth is its staging file. It lives from the open that creates or changes it to its
 * commit, and longer while handles are open on it. Thread-safe.
 */
public interface LocalFile {
  /** Identity within this mount session, never 0, kept across renames. */
  long id();

  /** The visible name it has now, relative to the rule; empty once unlinked. */
  String name();

  /** A descriptor of the staging file to write through, valid while a writable open is counted. */
  int fd() throws IOException;

  /**
   * A read-only descriptor of the staging file, valid while any open is counted. This one is to be
   * registered for passthrough (the kernel opens the file anew with the application's flags): a
   * writable one kept open by the kernel would hold back the upload for as long as readers live.
   */
  int backingFd();

  /** Type, permissions, owner; the mtime is the staging file's unless set by utimens. */
  PosixAttributes attributes();

  /** Type and permissions alone, without a look at the staging file. */
  int mode();

  /** Attributes and length as they are at one moment, told by one look at the staging file. */
  Status status() throws IOException;

  /**
   * What stat(2) shows.
   *
   * @param size in bytes
   */
  record Status(PosixAttributes attributes, long size) {}

  /** Makes of the attributes as they are what they are to be; journaled. The type stays. */
  void setAttributes(AttributeChange change) throws IOException;

  /** Metadata of the blob it replaces that are not ours to say; a commit keeps them. */
  Map<String, String> othersMetadata();

  /** Length in bytes now, from the staging file itself. */
  long size() throws IOException;

  /** Whether its content is on its way to the service at this moment. */
  boolean uploading();

  /** The target of a symbolic link; null for a regular file. */
  String symlinkTarget();

  /**
   * Counts an open. A writable one holds back the upload.
   *
   * @return false, and nothing is counted, when the file was committed or put back meanwhile: the
   *     caller asks the overlay again
   */
  boolean opened(boolean writable) throws IOException;

  /** Takes back {@link #opened}; after the last writable one the upload is due. */
  void released(boolean writable);

  /** Changes the length. */
  void truncate(long length) throws IOException;

  /** Whether the kernel may lead reads and writes past the daemon. */
  default boolean mayBypass() {
    return true;
  }

  /**
   * Asked before so many bytes are written through {@link #fd()} by the daemon.
   *
   * @return whether they may be: then {@link #endWrite} follows. Else {@link #toDisk} makes room
   */
  default boolean beginWrite(long bytes) {
    return true;
  }

  /** The end of what {@link #beginWrite} let pass. */
  default void endWrite() {}

  /** Has room made, or the content moved to where there is some, and tells when that is done. */
  default void toDisk(Done done) {
    done.done(null);
  }

  /**
   * Tells that bytes were written through {@link #fd()} by the daemon (passthrough writes are seen
   * by size and mtime at {@link #flush}).
   */
  void written();

  /**
   * A writer closed a descriptor: journals the file as acknowledged where it changed, then answers.
   * With {@code close: remote} the answer waits for the commit and carries its failure. Never
   * blocks.
   */
  void flush(Done done);

  /**
   * fsync(2): content, journal and folder on stable storage (or committed, by rule). Never blocks.
   */
  void sync(Done done);

  /** What attributes are to be, from what they are. */
  @FunctionalInterface
  interface AttributeChange {
    /** Fails where they cannot be that. */
    PosixAttributes of(PosixAttributes was) throws IOException;
  }

  /** The outcome of a flush or sync, told once, from any thread. */
  @FunctionalInterface
  interface Done {
    /** Null for success. */
    void done(io.azcp.base.AzcpException failure);
  }
}
