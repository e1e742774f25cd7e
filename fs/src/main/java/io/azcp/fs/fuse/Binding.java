package io.azcp.fs.fuse;

import java.io.IOException;

/** A mounted directory, served by one binding. */
public interface Binding extends AutoCloseable {
  /** What the binding is and does, for status: as "kernel, passthrough". */
  String describe();

  /** Whether the kernel reads and writes cached files directly. */
  boolean passthrough();

  /**
   * Tells the kernel to forget a node's cached attributes and pages. Never on a request's thread.
   */
  void invalidateNode(long node);

  /** Tells the kernel to forget a node's attributes, not its pages. Never on a request's thread. */
  void invalidateAttributes(long node);

  /** Tells the kernel to forget a name. Never on a thread that holds a request. */
  void invalidateEntry(long parent, byte[] name);

  /**
   * Waits, with a limit, until the kernel was told of every invalidation asked for so far. Never on
   * a thread that holds a request.
   */
  void awaitInvalidations();

  /** Unmounts. {@code EBUSY} while it is in use, unless {@code lazy}, which detaches it at once. */
  void unmount(boolean lazy) throws IOException;

  /** Waits until the mount has ended, however it was unmounted. */
  void awaitEnd() throws InterruptedException;

  /**
   * The kernel's number of the file system, {@code major:minor}, the same wherever it is mounted;
   * empty where it is not known.
   */
  String device();

  /** Whether nothing of the mount is open, nor asked for; false where that is not known. */
  boolean idle();

  /**
   * Stops waiting for the end of a mount that lives on where this process cannot unmount it: in
   * other mount namespaces. What is left of it answers ENOTCONN, at the latest when this process
   * has ended.
   */
  void abandon();

  /** Unmounts lazily where still mounted and frees everything. */
  @Override
  void close();
}
