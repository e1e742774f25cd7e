package io.azcp.fs.fuse;

import java.nio.ByteBuffer;

/**
 * What a binding serves. Semantics are those of the Linux FUSE protocol (linux/fuse.h) and of the
 * system calls behind it. Every call returns at once, without waiting for the network, a disk sync,
 * a file lock or a long copy, and answers exactly once through its reply, from any thread. Node 1
 * is the root. Names are the bytes the kernel gave. Thread-safe.
 */
public interface FileSystemPort {
  /** The root's node id. */
  long ROOT = 1;

  void lookup(Caller caller, long parent, byte[] name, Reply<Entry> reply);

  /** Takes back {@code count} lookups of a node. No answer. */
  void forget(long node, long count);

  /** Attributes; {@code handle} is an open file of the node or −1. */
  void getattr(long node, long handle, Reply<Attributes> reply);

  /** Changes attributes. A change of the owner comes after {@link #dropSetIds}. */
  void setattr(
      Caller caller, long node, long handle, SetAttributes change, Reply<Attributes> reply);

  /**
   * A user without CAP_FSETID writes to the file, or it gets another owner: its set-user-id bit is
   * to go, and its set-group-id bit where the group may execute. Comes before the change itself,
   * often, and mostly for files without such bits. A file system that keeps no such bits has
   * nothing to do.
   */
  default void dropSetIds(long node) {}

  void readlink(long node, Reply<byte[]> reply);

  void symlink(Caller caller, long parent, byte[] name, byte[] target, Reply<Entry> reply);

  void mkdir(Caller caller, long parent, byte[] name, int mode, Reply<Entry> reply);

  void unlink(long parent, byte[] name, Reply<Void> reply);

  void rmdir(long parent, byte[] name, Reply<Void> reply);

  /** rename, with RENAME_NOREPLACE (1) or 0; other flags fail with EINVAL. */
  void rename(
      long parent, byte[] name, long newParent, byte[] newName, int flags, Reply<Void> reply);

  /** open(2) flags as given by the application; O_CREAT and O_EXCL never appear here. */
  void open(Caller caller, long node, int flags, Reply<Opened> reply);

  /** Creates and opens a regular file; with O_EXCL among the flags only where none is. */
  void create(Caller caller, long parent, byte[] name, int flags, int mode, Reply<Created> reply);

  /**
   * A new file without an open: regular, or a FIFO, socket or device where the file system keeps
   * such, else EPERM.
   *
   * @param mode type and permission bits
   * @param device number of a device as the kernel encodes it
   */
  void mknod(Caller caller, long parent, byte[] name, int mode, int device, Reply<Entry> reply);

  /** What create answers. */
  record Created(Entry entry, Opened opened) {}

  void read(long node, long handle, long offset, int length, ReadReply reply);

  /**
   * Writes all of the buffer. Its bytes are consumed when the call returns: a port that answers
   * later has copied them.
   */
  void write(long node, long handle, long offset, ByteBuffer data, Reply<Integer> reply);

  /**
   * One close(2) of a descriptor; may come several times for one open. A binding may leave it out
   * for a file open only for reading.
   */
  void flush(long node, long handle, Reply<Void> reply);

  /**
   * The last close of an open. Each open that was answered has one: when a mount ends with files
   * open, the binding sends it.
   */
  void release(long node, long handle, Reply<Void> reply);

  void fsync(long node, long handle, boolean dataOnly, Reply<Void> reply);

  void opendir(long node, Reply<Long> reply);

  /** Offers entries from a cookie on (0: the start), {@code .} and {@code ..} included. */
  void readdir(long node, long handle, long cookie, DirectorySink sink, Reply<Void> reply);

  void releasedir(long node, long handle, Reply<Void> reply);

  /** Not every binding asks: a change of a name is kept before it is answered. */
  void fsyncdir(long node, long handle, Reply<Void> reply);

  void statfs(Reply<StatFs> reply);

  void getxattr(long node, byte[] name, Reply<byte[]> reply);

  void listxattr(long node, Reply<byte[]> reply);

  void setxattr(long node, byte[] name, byte[] value, int flags, Reply<Void> reply);

  void removexattr(long node, byte[] name, Reply<Void> reply);

  /** fallocate(2); only mode 0 is served, others fail with EOPNOTSUPP. */
  void fallocate(long node, long handle, int mode, long offset, long length, Reply<Void> reply);

  /** lseek(2) with SEEK_DATA (3) or SEEK_HOLE (4). */
  void lseek(long node, long handle, long offset, int whence, Reply<Long> reply);
}
